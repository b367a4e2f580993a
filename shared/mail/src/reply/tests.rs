use super::reply_text;

#[test]
fn an_introduced_quotation_is_folded_in_each_language() {
    for introduction in [
        "On Mon, 3 Mar 2025 at 10:00, Desk <t@x.example> wrote:",
        "On Mon, 3 Mar 2025 at 10:00, Desk\n<t@x.example>\nwrote:",
        "Am Mo., 3. März 2025 um 10:00 Uhr schrieb Desk <t@x.example>:",
        "Desk <t@x.example> schrieb am Mo., 3. März\n2025, 10:00:",
        "Vào Th 2, 3 thg 3, 2025 vào lúc 10:00 Desk <t@x.example> đã viết:",
        "Le lun. 3 mars 2025 à 10:00, Desk <t@x.example> a écrit :",
        "El lun, 3 mar 2025 a las 10:00, Desk (<t@x.example>) escribió:",
        "Il giorno lun 3 mar 2025 alle ore 10:00 Desk <t@x.example> ha scritto:",
        "Op ma 3 mrt 2025 om 10:00 schreef Desk <t@x.example>:",
        "Em seg., 3 de mar. de 2025 às 10:00, Desk <t@x.example> escreveu:",
        "pon., 3 mar 2025 o 10:00 Desk <t@x.example> napisał(a):",
        "пн, 3 мар. 2025 г. в 10:00, Desk <t@x.example>:",
        "Desk <t@x.example> 于2025年3月3日周一 10:00写道：",
        "-----Ursprüngliche Nachricht-----",
        "From: Desk <t@x.example>\nSent: Monday, 3 March 2025 10:00\nTo: me\nSubject: RE: x\n",
        "Từ: Desk\nĐã gửi: Thứ hai\nĐến: tôi\nChủ đề: x\n",
    ] {
        let text = format!("Yes, please.\n\n{introduction}\n\n> Shall we?\n");
        assert_eq!(reply_text(&text), "Yes, please.", "{introduction}");
    }
}

#[test]
fn a_sentence_that_looks_like_an_introduction_stays() {
    for text in [
        "On your server you can run:\n\n  make\n\nand it fails.",
        "On Monday at 10:00 I wrote to you.\nNobody answered.",
        "Attached is what he sent: see file.\nThanks",
        "From: Berlin\nwe leave at 9:30.",
    ] {
        assert_eq!(reply_text(text), text);
    }
}

#[test]
fn answers_between_quotations_stay_with_them() {
    let text = "On 1 Mar 2025 at 10:00, Desk wrote:\n> One?\n\nYes.\n\n> Two?\n\nNo.\n\n-- \nJo";
    assert_eq!(reply_text(text), "> One?\n\nYes.\n\n> Two?\n\nNo.");
}

#[test]
fn an_answer_below_the_quotation_stands_alone() {
    assert_eq!(
        reply_text("On 1 Mar 2025 at 10:00, Desk wrote:\n> One?\n> Two?\n\nYes."),
        "Yes."
    );
}

#[test]
fn signatures_and_adverts_are_folded_and_sign_offs_stay() {
    assert_eq!(
        reply_text("It broke.\n\nRegards,\nJo\n\n-- \nJo Doe\nACME"),
        "It broke.\n\nRegards,\nJo"
    );
    assert_eq!(reply_text("It broke.\n\nSent from my iPhone"), "It broke.");
    assert_eq!(
        reply_text("Es ist kaputt.\n\nVon meinem iPhone gesendet"),
        "Es ist kaputt."
    );
    assert_eq!(
        reply_text("Bị hỏng.\n\nĐã gửi từ iPhone của tôi"),
        "Bị hỏng."
    );
}

#[test]
fn where_nothing_would_be_left_everything_stays() {
    for text in ["> only a quotation", "-- \nJo", "Sent from my iPhone"] {
        assert_eq!(reply_text(text), text);
    }
    // Marks leave a space between them.
    let quoted = "From: Jo\nSent: today\nTo: me\n\u{F8F2} \u{F8F0}\u{F8F0}";
    assert_eq!(reply_text(quoted), "From: Jo\nSent: today\nTo: me");
}

#[test]
fn a_forwarded_mail_is_the_matter_itself() {
    let text = "Please see:\n\n---------- Forwarded message ---------\nIt broke.";
    assert_eq!(reply_text(text), text);
}

#[test]
fn code_is_not_searched() {
    let text = "See:\n```\n-- \n> x\n```\nend";
    assert_eq!(reply_text(text), text);
}

#[test]
fn hostile_shapes_stay_linear() {
    for line in [
        ">\n",
        "On 1 Jan 10:00\n",
        "From: x\n",
        "wrote:\n",
        "--\n",
        "\n",
        "a@b <\n",
    ] {
        let text = line.repeat(80_000 / line.len());
        reply_text(&text);
    }
}
