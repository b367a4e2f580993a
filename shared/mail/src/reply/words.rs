//! The words by which quotations, older mails and signatures are known, in lower case, languages mixed.

use crate::words::Words;

/// Words that an introduction begins with, before a date.
pub(super) static STARTERS: Words = Words::new(
    "\
    on |at |am |um |le |el |en |il |il giorno |in data |op |em |no dia |às |a |den |på |vào |vào lúc |lúc |w dniu |dnia |\
    dne |în |pe |в |во |пн, |вт, |ср, |чт, |пт, |сб, |вс, |在|於|于|kl. |tarihinde |ngày ",
);

/// Verbs that end one, before the colon.
pub(super) static VERBS_AT_END: Words = Words::new(
    "\
    wrote|sent|writes|schrieb|schrieb folgendes|geschrieben|a écrit|écrit|a ecrit|escribió|escribio|escribiste|\
    ha scritto|scritto|scrisse|schreef|geschreven|het volgende geschreven|escreveu|skrev|skrev følgende|napisał|\
    napisała|napisał(a)|napsal|napsal(a)|napísal|написал|написала|написал(а)|пишет|пише|a scris|kirjoitti|yazdı|\
    írta|pisze|đã viết|viết|写道|寫道|写入|のメール|が書きました|さんは書きました|wrote the following",
);

/// Verbs inside one, where name and date follow them.
pub(super) static VERBS_INSIDE: Words = Words::new(
    "\
     schrieb am | schrieb | schreef | heeft | wrote on | wrote at | skrev den | skrev | a écrit le | escribió el | ha scritto il | escreveu em | đã viết vào | пользователь |wiadomość napisana przez ",
);

/// Names of fields of an older mail's header block.
pub(super) static FROM: Words = Words::new(
    "\
    from|von|de|da|från|van|fra|od|от|от кого|từ|người gửi|发件人|寄件者|差出人|lähettäjä",
);
pub(super) static DATE: Words = Words::new(
    "\
    sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviado el|enviada em|enviado em|data|fecha|inviato|\
    verzonden|skickat|sendt|dato|wysłano|wysłane|отправлено|дата|đã gửi|ngày|gửi|ngày gửi|发送时间|日期|送信日時|日時|日付|傳送時間|寄件日期",
);
pub(super) static TO: Words = Words::new(
    "\
    to|an|à|para|a|aan|till|til|do|кому|đến|tới|người nhận|收件人|收件者|宛先",
);
pub(super) static SUBJECT: Words = Words::new(
    "\
    subject|betreff|objet|asunto|oggetto|onderwerp|ämne|emne|temat|тема|chủ đề|tiêu đề|主题|主旨|件名|assunto",
);
pub(super) static OTHER_FIELDS: Words = Words::new(
    "\
    cc|kopie|copie|reply-to|antwort an|importance|wichtigkeit|priority|attachments|抄送",
);

/// Between lines of dashes, above an older mail.
pub(super) static ORIGINAL_MESSAGE: Words = Words::new(
    "\
    original message|reply message|ursprüngliche nachricht|originalnachricht|antwort nachricht|message d'origine|\
    message original|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|\
    origineel bericht|ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|oprindelig besked|\
    opprinnelig melding|oryginalna wiadomość|wiadomość oryginalna|исходное сообщение|thư gốc|tin nhắn gốc|\
    thư ban đầu|原始邮件|原始郵件|元のメッセージ|alkuperäinen viesti",
);

/// Between lines of dashes, above a forwarded mail.
pub(super) static FORWARDED_MESSAGE: Words = Words::new(
    "\
    forwarded message|weitergeleitete nachricht|tin nhắn được chuyển tiếp|thư được chuyển tiếp|thư đã chuyển tiếp|\
    message transféré|mensaje reenviado|messaggio inoltrato|doorgestuurd bericht|mensagem encaminhada|\
    wiadomość przekazana dalej|пересланное сообщение|转发邮件|已转发邮件|転送メッセージ|vidarebefordrat meddelande",
);

/// Adverts of the Outlook app, below which the app puts the older mail without a mark.
pub(super) static OUTLOOK_ADVERTS: Words = Words::new(
    "\
    get outlook for |gesendet von outlook für |outlook für |télécharger outlook pour |obtenir outlook pour |\
    obtener outlook para |scarica outlook per |tải outlook cho |tải outlook dành cho |outlook voor |\
    hämta outlook för |obter o outlook para |pobierz program outlook |скачать outlook |获取 outlook |取得 outlook |\
    ios 版 outlook|android 版 outlook|outlook for ios",
);

/// Adverts of mail programs and phones.
pub(super) static ADVERTS: Words = Words::new(
    "\
    sent from my |sent from |sent via |sent with |gesendet von meinem |von meinem |gesendet mit |\
    diese nachricht wurde von meinem |envoyé de mon |envoyé depuis |enviado desde |enviado do meu |inviato da |\
    inviato dal |verstuurd vanaf |verzonden vanaf |skickat från |sendt fra |wysłane z |отправлено с |\
    отправлено из |envoyé à partir d|inviata da |enviado a partir do |enviado pelo |wysłano z |發自我的|androidから送信|ipadから送信|\
    đã gửi từ |được gửi từ |gửi từ |发自我的|從我的|iphoneから送信|lähetetty ",
);

/// How a paragraph of small print begins, after an article or the like.
pub(super) static DISCLAIMERS: Words = Words::new(
    "\
    this e-mail|this email|this message|this communication|the information contained in this|\
    the information in this|the content of this|the contents of this|confidentiality notice|confidentiality:|\
    disclaimer|diese e-mail|diese nachricht|dieses e-mail|der inhalt dieser|die information in dieser|\
    die in dieser e-mail|vertraulichkeitshinweis|email này|thư này|thư điện tử này|thông tin trong email này|\
    nội dung email này|ce message|ce courriel|ce courrier|cet e-mail|les informations contenues dans ce|\
    avis de confidentialité|este mensaje|este correo|este e-mail|la información contenida en este|\
    aviso de confidencialidad|aviso legal|questo messaggio|questa e-mail|questa email|la presente e-mail|\
    le informazioni contenute in|dit bericht|dit e-mailbericht|deze e-mail|de informatie in dit|\
    de inhoud van dit|esta mensagem|este email|as informações contidas nest|niniejsza wiadomość|\
    ta wiadomość|treść tej wiadomości|wiadomość ta zawiera|настоящее сообщение|настоящее электронное|\
    это сообщение|данное сообщение|информация, содержащаяся в|本邮件|此邮件|本郵件|此郵件|这封邮件|このメール|\
    本メール|本電子メール|この電子メール",
);

/// Words of which small print has one and other paragraphs that begin like it do not.
pub(super) static SMALL_PRINT: Words = Words::new(
    "\
    confidential|intended solely|intended only|intended recipient|privileged|vertraulich|\
    richtige adressat|bestimmungsgemäß|thông tin mật|bảo mật|confidentiel|à l'intention exclusive|confidencial|\
    dirigidos exclusivamente|riservat|confidenzial|esclusivamente al|vertrouwelijk|uitsluitend bestemd|\
    destinam-se apenas|poufn|wyłącznie dla|конфиденциальн|предназначен|保密|机密|機密|密送|秘密情報|機密情報",
);
