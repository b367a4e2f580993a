//! The new words of a mail, by language and mail program.

use mail::{reply_text, reply_text_of_html};

/// How the programs of one language introduce a quotation, write the header of the mail answered, and sign on a phone.
struct Language {
    words: &'static str,
    /// Gmail, Apple Mail, Thunderbird, Yahoo and local programs.
    introductions: &'static [&'static str],
    /// Outlook for the desktop, and what stands above the older mail elsewhere.
    headers: &'static [&'static str],
    phones: &'static [&'static str],
    disclaimer: &'static str,
}

const LANGUAGES: [Language; 12] = [
    Language {
        words: "It still fails.\n\nRegards\nJo",
        introductions: &[
            "On Mon, Mar 3, 2025 at 10:00 AM Desk <t@x.example> wrote:",
            "On Mon, Mar 3, 2025 at 10:00\u{202f}AM Desk <t@x.example>\nwrote:",
            "On 3 Mar 2025, at 10:00, Desk <t@x.example> wrote:",
            "On 3/3/25 10:00, Desk wrote:",
            "On Monday, March 3, 2025 at 10:00:00 AM GMT+1, Desk <t@x.example> wrote:",
        ],
        headers: &[
            "From: Desk <t@x.example>\nSent: Monday, March 3, 2025 10:00 AM\nTo: Jo <jo@y.example>\nSubject: RE: shop",
            "-----Original Message-----\nFrom: Desk",
            "________________________________\nFrom: Desk <t@x.example>\nDate: Monday, 3 March 2025 at 10:00\nTo: Jo\nSubject: Re: shop",
        ],
        phones: &[
            "Sent from my iPhone",
            "Sent from my Galaxy",
            "Get Outlook for iOS",
            "Sent from Yahoo Mail on Android",
        ],
        disclaimer: "This e-mail and any attachments are confidential and intended solely for the\naddressee. If you received it in error, please delete it.",
    },
    Language {
        words: "Es geht noch immer nicht.\n\nViele Grüße\nJo",
        introductions: &[
            "Am Mo., 3. März 2025 um 10:00 Uhr schrieb Desk <t@x.example>:",
            "Am 03.03.2025 um 10:00 schrieb Desk <t@x.example>:",
            "Am 03.03.25 um 10:00 schrieb Desk:",
            "Am Montag, 3. März 2025 um 10:00:00 MEZ hat Desk <t@x.example> Folgendes geschrieben:",
            "Gesendet: Montag, 3. März 2025 um 10:00 Uhr\nVon: Desk <t@x.example>\nAn: jo@y.example\nBetreff: Re: Laden",
        ],
        headers: &[
            "Von: Desk <t@x.example>\nGesendet: Montag, 3. März 2025 10:00\nAn: Jo\nBetreff: AW: Laden",
            "-----Ursprüngliche Nachricht-----\nVon: Desk",
            "Von: Desk <t@x.example>\nDatum: Montag, 3. März 2025 um 10:00\nAn: Jo\nBetreff: Re: Laden",
        ],
        phones: &[
            "Von meinem iPhone gesendet",
            "Gesendet von Outlook für iOS",
            "Von meinem Samsung Galaxy Smartphone gesendet.",
            "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        ],
        disclaimer: "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige\nAdressat sind, löschen Sie sie bitte.",
    },
    Language {
        words: "Vẫn chưa được ạ.\n\nTrân trọng\nJo",
        introductions: &[
            "Vào Th 2, 3 thg 3, 2025 vào lúc 10:00 Desk <t@x.example> đã viết:",
            "Vào 10:00, Th 2, 3 thg 3, 2025 Desk <t@x.example> đã viết:",
            "Vào 3 thg 3, 2025, lúc 10:00, Desk <t@x.example> đã viết:",
            "Vào 3/3/25 10:00, Desk viết:",
            "Vào Thứ Hai, 3 tháng 3, 2025 lúc 10:00:00 GMT+7, Desk <t@x.example> đã viết:",
        ],
        headers: &[
            "Từ: Desk <t@x.example>\nĐã gửi: Thứ Hai, 3 Tháng Ba 2025 10:00\nĐến: Jo\nChủ đề: RE: cửa hàng",
            "Từ: Desk\nNgày: Thứ Hai, 3 tháng 3, 2025\nĐến: Jo\nTiêu đề: Re: cửa hàng",
            "-----Thư gốc-----\nTừ: Desk",
        ],
        phones: &[
            "Đã gửi từ iPhone của tôi",
            "Được gửi từ iPhone của tôi",
            "Tải Outlook cho iOS",
        ],
        disclaimer: "Email này và các tệp đính kèm có thể chứa thông tin mật, chỉ dành cho người nhận.",
    },
    Language {
        words: "Cela ne marche toujours pas.\n\nCordialement\nJo",
        introductions: &[
            "Le lun. 3 mars 2025 à 10:00, Desk <t@x.example> a écrit :",
            "Le 3 mars 2025 à 10:00, Desk <t@x.example> a écrit\u{a0}:",
            "Le 03/03/2025 à 10:00, Desk a écrit :",
            "Le lundi 3 mars 2025 à 10:00:00 UTC+1, Desk <t@x.example> a écrit :",
        ],
        headers: &[
            "De : Desk <t@x.example>\nEnvoyé : lundi 3 mars 2025 10:00\nÀ : Jo\nObjet : RE: boutique",
            "De\u{a0}: Desk\nDate\u{a0}: lundi 3 mars 2025 à 10:00\nÀ\u{a0}: Jo\nObjet\u{a0}: Re: boutique",
            "-----Message d'origine-----\nDe : Desk",
        ],
        phones: &[
            "Envoyé de mon iPhone",
            "Envoyé depuis mon téléphone",
            "Télécharger Outlook pour iOS",
            "Envoyé à partir d’Outlook pour Android",
        ],
        disclaimer: "Ce message et ses pièces jointes sont confidentiels et établis à l'intention\nexclusive de leur destinataire.",
    },
    Language {
        words: "Sigue sin funcionar.\n\nSaludos\nJo",
        introductions: &[
            "El lun, 3 mar 2025 a las 10:00, Desk (<t@x.example>) escribió:",
            "El 3 mar 2025, a las 10:00, Desk <t@x.example> escribió:",
            "El 3/3/25 a las 10:00, Desk escribió:",
            "El lunes, 3 de marzo de 2025, 10:00:00 CET, Desk <t@x.example> escribió:",
            "En lunes, 3 de marzo de 2025, 10:00:00 CET, Desk <t@x.example> escribió:",
        ],
        headers: &[
            "De: Desk <t@x.example>\nEnviado el: lunes, 3 de marzo de 2025 10:00\nPara: Jo\nAsunto: RE: tienda",
            "De: Desk\nFecha: lunes, 3 de marzo de 2025, 10:00\nPara: Jo\nAsunto: Re: tienda",
            "-----Mensaje original-----\nDe: Desk",
        ],
        phones: &[
            "Enviado desde mi iPhone",
            "Obtener Outlook para iOS",
            "Enviado desde Outlook para Android",
        ],
        disclaimer: "Este mensaje y sus archivos adjuntos son confidenciales y van dirigidos\nexclusivamente a su destinatario.",
    },
    Language {
        words: "Non funziona ancora.\n\nSaluti\nJo",
        introductions: &[
            "Il giorno lun 3 mar 2025 alle ore 10:00 Desk <t@x.example> ha scritto:",
            "Il giorno 3 mar 2025, alle ore 10:00, Desk <t@x.example> ha scritto:",
            "Il 03/03/2025 10:00, Desk ha scritto:",
            "Il lunedì 3 marzo 2025 alle ore 10:00:00 CET, Desk <t@x.example> ha scritto:",
        ],
        headers: &[
            "Da: Desk <t@x.example>\nInviato: lunedì 3 marzo 2025 10:00\nA: Jo\nOggetto: R: negozio",
            "Da: Desk\nData: lunedì, 3 marzo 2025 alle ore 10:00\nA: Jo\nOggetto: Re: negozio",
            "-----Messaggio originale-----\nDa: Desk",
        ],
        phones: &[
            "Inviato da iPhone",
            "Inviato dal mio telefono",
            "Scarica Outlook per iOS",
            "Inviata da Outlook per Android",
        ],
        disclaimer: "Questo messaggio e i suoi allegati sono riservati e destinati esclusivamente\nal destinatario.",
    },
    Language {
        words: "Het werkt nog niet.\n\nGroeten\nJo",
        introductions: &[
            "Op ma 3 mrt 2025 om 10:00 schreef Desk <t@x.example>:",
            "Op 3 mrt 2025 om 10:00 heeft Desk <t@x.example> het volgende geschreven:",
            "Op 03-03-2025 om 10:00 schreef Desk:",
            "Op maandag 3 maart 2025 om 10:00:00 CET schreef Desk <t@x.example>:",
        ],
        headers: &[
            "Van: Desk <t@x.example>\nVerzonden: maandag 3 maart 2025 10:00\nAan: Jo\nOnderwerp: RE: winkel",
            "Van: Desk\nDatum: maandag 3 maart 2025 om 10:00\nAan: Jo\nOnderwerp: Re: winkel",
            "-----Oorspronkelijk bericht-----\nVan: Desk",
        ],
        phones: &[
            "Verstuurd vanaf mijn iPhone",
            "Verzonden vanaf Outlook voor iOS",
            "Outlook voor iOS downloaden",
        ],
        disclaimer: "Dit bericht en eventuele bijlagen zijn vertrouwelijk en uitsluitend bestemd\nvoor de geadresseerde.",
    },
    Language {
        words: "Ainda não funciona.\n\nCumprimentos\nJo",
        introductions: &[
            "Em seg., 3 de mar. de 2025 às 10:00, Desk <t@x.example> escreveu:",
            "Em 3 de mar. de 2025, à(s) 10:00, Desk <t@x.example> escreveu:",
            "No dia 03/03/2025, às 10:00, Desk <t@x.example> escreveu:",
            "Em 03/03/2025 10:00, Desk escreveu:",
            "Às 10:00 de 03/03/2025, Desk escreveu:",
            "Em segunda-feira, 3 de março de 2025 10:00:00 BRT, Desk <t@x.example> escreveu:",
        ],
        headers: &[
            "De: Desk <t@x.example>\nEnviado: segunda-feira, 3 de março de 2025 10:00\nPara: Jo\nAssunto: RE: loja",
            "De: Desk\nEnviada em: segunda-feira, 3 de março de 2025 10:00\nPara: Jo\nAssunto: RES: loja",
            "-----Mensagem original-----\nDe: Desk",
        ],
        phones: &[
            "Enviado do meu iPhone",
            "Obter o Outlook para iOS",
            "Enviado a partir do Outlook para Android",
        ],
        disclaimer: "Esta mensagem e os seus anexos são confidenciais e destinam-se apenas ao\nseu destinatário.",
    },
    Language {
        words: "Nadal nie działa.\n\nPozdrawiam\nJo",
        introductions: &[
            "pon., 3 mar 2025 o 10:00 Desk <t@x.example> napisał(a):",
            "Wiadomość napisana przez Desk <t@x.example> w dniu 3 mar 2025, o godz. 10:00:",
            "W dniu 3.03.2025 o 10:00, Desk pisze:",
            "W dniu poniedziałek, 3 marca 2025 10:00:00 CET użytkownik Desk <t@x.example> napisał:",
        ],
        headers: &[
            "Od: Desk <t@x.example>\nWysłano: poniedziałek, 3 marca 2025 10:00\nDo: Jo\nTemat: RE: sklep",
            "Od: Desk\nWysłane: poniedziałek, 3 marca 2025 10:00\nDo: Jo\nTemat: Odp: sklep",
            "-----Oryginalna wiadomość-----\nOd: Desk",
        ],
        phones: &[
            "Wysłane z iPhone'a",
            "Wysłano z iPhone’a",
            "Pobierz program Outlook dla systemu iOS",
        ],
        disclaimer: "Niniejsza wiadomość zawiera informacje poufne, przeznaczone wyłącznie dla\nadresata.",
    },
    Language {
        words: "Всё ещё не работает.\n\nС уважением\nДжо",
        introductions: &[
            "пн, 3 мар. 2025 г. в 10:00, Desk <t@x.example>:",
            "3 марта 2025 г., в 10:00, Desk <t@x.example> написал(а):",
            "03.03.2025 10:00, Desk пишет:",
            "В понедельник, 3 марта 2025 г., 10:00:00 GMT+3, Desk <t@x.example> написал:",
            "Понедельник, 3 марта 2025, 10:00 +03:00 от Desk <t@x.example>:",
            "03.03.2025, 10:00, \"Desk\" <t@x.example>:",
        ],
        headers: &[
            "От: Desk <t@x.example>\nОтправлено: понедельник, 3 марта 2025 г. 10:00\nКому: Jo\nТема: RE: магазин",
            "От: Desk\nДата: понедельник, 3 марта 2025 г. в 10:00\nКому: Jo\nТема: Re: магазин",
            "-----Исходное сообщение-----\nОт: Desk",
        ],
        phones: &[
            "Отправлено с iPhone",
            "Отправлено из мобильной Почты Mail.ru",
            "Скачать Outlook для iOS",
        ],
        disclaimer: "Настоящее сообщение и вложения к нему содержат конфиденциальную информацию и\nпредназначены только адресату.",
    },
    Language {
        words: "还是不行。\n\n谢谢\nJo",
        introductions: &[
            "Desk <t@x.example> 于2025年3月3日周一 10:00写道：",
            "Desk <t@x.example> 於 2025年3月3日 週一 上午10:00寫道：",
            "2025年3月3日 10:00，Desk <t@x.example> 写道：",
            "在 2025年3月3日，10:00，Desk <t@x.example> 写道：",
            "在 2025/3/3 10:00, Desk 写道:",
            "在 2025年3月3日星期一 GMT+8 10:00:00，Desk <t@x.example> 写道：",
        ],
        headers: &[
            "发件人: Desk <t@x.example>\n发送时间: 2025年3月3日 10:00\n收件人: Jo\n主题: 答复: 商店",
            "寄件者: Desk <t@x.example>\n日期: 2025年3月3日 星期一 10:00\n收件者: Jo\n主旨: Re: 商店",
            "------------------ 原始邮件 ------------------\n发件人: Desk",
        ],
        phones: &[
            "发自我的iPhone",
            "發自我的 iPhone",
            "從我的iPhone傳送",
            "获取 Outlook for iOS",
        ],
        disclaimer: "本邮件及其附件含有保密信息，仅限于发送给上面地址中列出的个人。",
    },
    Language {
        words: "まだ直りません。\n\nよろしくお願いします\nJo",
        introductions: &[
            "2025年3月3日(月) 10:00 Desk <t@x.example>:",
            "2025/03/03 10:00、Desk <t@x.example>のメール:",
            "2025/03/03 10:00、Deskのメール:",
            "On 2025/03/03 10:00, Desk wrote:",
            "2025年3月3日月曜日 10:00:00 JST、Desk <t@x.example>が書きました:",
        ],
        headers: &[
            "差出人: Desk <t@x.example>\n送信日時: 2025年3月3日 10:00\n宛先: Jo\n件名: RE: 店",
            "差出人: Desk\n日付: 2025年3月3日 月曜日 10:00\n宛先: Jo\n件名: Re: 店",
            "-----元のメッセージ-----\n差出人: Desk",
        ],
        phones: &["iPhoneから送信", "iOS 版 Outlook を入手", "Androidから送信"],
        disclaimer: "このメールには機密情報が含まれている場合があります。受信者以外の方は削除してください。",
    },
];

#[test]
fn a_quotation_is_folded_in_each_language_and_program() {
    let mut wrong = Vec::new();
    for language in &LANGUAGES {
        let words = language.words;
        for introduction in language.introductions {
            let text = format!("{words}\n\n{introduction}\n\n> Hello,\n> is it solved?\n");
            if reply_text(&text) != words {
                wrong.push((*introduction, reply_text(&text)));
            }
        }
        for header in language.headers {
            let text = format!("{words}\n\n{header}\n\nHello,\nis it solved?\n");
            if reply_text(&text) != words {
                wrong.push((*header, reply_text(&text)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_phones_line_is_folded_in_each_language() {
    let mut wrong = Vec::new();
    for language in &LANGUAGES {
        let words = language.words;
        for phone in language.phones {
            let introduction = language.introductions[0];
            for text in [
                format!("{words}\n\n{phone}\n"),
                format!("{words}\n\n{phone}\n\n{introduction}\n\n> Hello\n"),
            ] {
                if reply_text(&text) != words {
                    wrong.push((*phone, reply_text(&text)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_disclaimer_is_folded_in_each_language_and_its_words_alone_are_not() {
    let mut wrong = Vec::new();
    for language in &LANGUAGES {
        let text = format!("{}\n\n{}\n", language.words, language.disclaimer);
        if reply_text(&text) != language.words {
            wrong.push((language.disclaimer, reply_text(&text)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for text in [
        "Please delete my data.\n\nThis e-mail address is no longer mine.",
        "Hi\n\nThis message is what I get when I log in: denied.",
        "Diese E-Mail enthält vertrauliche Zahlen, bitte nur intern.",
    ] {
        assert_eq!(reply_text(text), text);
    }
}

#[test]
fn answers_between_quotations_stay_in_each_language() {
    for language in &LANGUAGES {
        for introduction in language.introductions {
            let body = "> One?\n\n1\n\n> Two?\n\n2";
            let text = format!("{introduction}\n{body}\n\n{}\n", language.phones[0]);
            assert_eq!(reply_text(&text), body, "{introduction}");
        }
    }
}

#[test]
fn html_programs_mark_their_quotations_whatever_the_language() {
    for quotation in [
        // Gmail, Apple Mail, Thunderbird, Yahoo.
        "<div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">@<br></div><blockquote class=\"gmail_quote\">old</blockquote></div>",
        "<div><br><blockquote type=\"cite\"><div>@</div><div>old</div></blockquote></div>",
        "<div class=\"moz-cite-prefix\">@<br></div><blockquote type=\"cite\">old</blockquote>",
        "<div id=\"ydp1yahoo_quoted\" class=\"yahoo_quoted\"><div>@</div><div>old</div></div>",
        // Outlook on the web, for Windows, on phones.
        "<div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\">@</div><div>old</div>",
        "<div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p>@</p></div><p>old</p>",
        "<div id=\"mail-editor-reference-message-container\"><div style=\"border-style:solid\">@</div>old</div>",
        "<div id=\"ms-outlook-mobile-signature\"><a href=\"https://aka.ms/x\">@</a></div>",
        // Proton, Zoho, QQ, GMX.
        "<div class=\"protonmail_quote\">@<blockquote type=\"cite\">old</blockquote></div>",
        "<div class=\"zmail_extra\">@<blockquote>old</blockquote></div>",
        "<div name=\"quote\" style=\"margin:10px 5px 5px 10px\">@<div name=\"quoted-content\">old</div></div>",
    ] {
        for language in &LANGUAGES {
            let words = language.words.replace('\n', "<br>");
            let introduction = language.introductions[0]
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            let quoted = quotation.replace('@', &introduction);
            let html = format!("<html><body><div>{words}</div>{quoted}</body></html>");
            assert_eq!(reply_text_of_html(&html), language.words, "{quoted}");
        }
    }
}
