//! What is said of tickets that were merged: to those who took part, to staff, and why a merge was refused.

use ticket::MergeRefusal;

use super::Said;

/// The words of one language.
pub(in crate::notices) struct MergeTexts {
    pub(in crate::notices) subject: &'static str,
    pub(in crate::notices) merged: fn(from: &str, number: &str) -> String,
    pub(in crate::notices) hint: &'static str,

    pub(in crate::notices) merged_here: Said,
    pub(in crate::notices) from: &'static str,
    /// Why an agent's answer became a note.
    pub(in crate::notices) another_customers: &'static str,
}

pub(super) const EN: MergeTexts = MergeTexts {
    subject: "Your request goes on under another number",
    merged: |from, number| {
        format!(
            "From now on we handle your request {from} together with {number}. You get our answers under the number {number}."
        )
    },
    hint: "You do not need to do anything. The times that we have given you do not become later, and an answer to an older mail of ours still reaches us.",
    merged_here: Said {
        heading: "Merged",
        sentence: "Another ticket was merged into this one. Only staff read what was written there before.",
    },
    from: "Merged from",
    another_customers: "The ticket that you answered was merged into another customer's, who would have read your words. If they are for everybody who takes part there, reply to this mail.",
};

pub(super) const DE: MergeTexts = MergeTexts {
    subject: "Ihr Anliegen läuft unter einer anderen Nummer weiter",
    merged: |from, number| {
        format!(
            "wir bearbeiten Ihr Anliegen {from} ab jetzt zusammen mit {number}. Unsere Antworten erhalten Sie unter der Nummer {number}."
        )
    },
    hint: "Sie müssen nichts weiter tun. Die Zeiten, die wir Ihnen genannt haben, werden dadurch nicht später, und auch eine Antwort auf eine ältere E-Mail von uns erreicht uns.",
    merged_here: Said {
        heading: "Zusammengeführt",
        sentence: "Ein anderes Ticket wurde mit diesem zusammengeführt. Was dort vorher geschrieben wurde, liest nur das Team.",
    },
    from: "Übernommen aus",
    another_customers: "Das Ticket, auf das Sie geantwortet haben, wurde mit dem Ticket einer anderen Person zusammengeführt; sie hätte Ihre Worte mitgelesen. Sind sie für alle dort Beteiligten bestimmt, antworten Sie bitte auf diese E-Mail.",
};

pub(super) const VI: MergeTexts = MergeTexts {
    subject: "Yêu cầu của quý khách được xử lý tiếp dưới mã số khác",
    merged: |from, number| {
        format!(
            "Từ bây giờ, chúng tôi xử lý yêu cầu {from} của quý khách chung với yêu cầu {number}. Quý khách sẽ nhận được câu trả lời của chúng tôi dưới mã số {number}."
        )
    },
    hint: "Quý khách không cần làm gì thêm. Các thời hạn chúng tôi đã thông báo sẽ không bị lùi lại, và nếu quý khách trả lời một e-mail cũ, chúng tôi vẫn nhận được.",
    merged_here: Said {
        heading: "Đã gộp",
        sentence: "Một phiếu khác đã được gộp vào phiếu này. Chỉ nhân viên mới đọc được những gì đã viết ở đó trước đây.",
    },
    from: "Gộp từ phiếu",
    another_customers: "Phiếu mà bạn trả lời đã được gộp vào phiếu của một khách hàng khác, và người đó sẽ đọc được lời của bạn. Nếu nội dung dành cho tất cả những người tham gia ở đó, hãy trả lời e-mail này.",
};

pub(super) fn refused_in_german(why: &MergeRefusal) -> String {
    match why {
        MergeRefusal::NotANumber(text) => format!(
            "„{text}“ ist keine Ticketnummer; schreiben Sie „/merge NUMMER“ mit dem Ticket, in dem es weitergeht"
        ),
        MergeRefusal::NoSuchTicket(number) => {
            format!("das Ticket {number} gibt es nicht; prüfen Sie die Nummer")
        }
        MergeRefusal::Itself(number) => {
            format!("{number} ist dieses Ticket selbst; nennen Sie das, in dem es weitergeht")
        }
        MergeRefusal::CameFromThere(number) => {
            format!("{number} wurde schon mit diesem Ticket zusammengeführt")
        }
        MergeRefusal::GoesOn(number, end) => {
            format!("{number} geht in {end} weiter; schreiben Sie „/merge {end}“")
        }
        MergeRefusal::Gone(number) => format!(
            "dieses Ticket geht in {number} weiter und nimmt keine Befehle mehr an; schreiben Sie an jenes"
        ),
        MergeRefusal::NotOpen(number) => format!(
            "{number} ist gelöst oder geschlossen; schreiben Sie dort zuerst „/open“, oder lassen Sie beide, wie sie sind"
        ),
        MergeRefusal::OtherCustomer(number) => format!(
            "{number} gehört jemand anderem; mit „/merge {number} confirm“ lesen beide, was dort ab jetzt geschrieben wird, und nichts von früher"
        ),
        MergeRefusal::Unproved(number) => format!(
            "es ist nicht erwiesen, dass dieses Ticket und {number} von derselben Person sind; wenn doch, schreiben Sie „/merge {number} confirm“"
        ),
        MergeRefusal::LetsIn(number) => format!(
            "nicht alle hier Beteiligten sind an {number} beteiligt; mit „/merge {number} confirm“ lesen sie, was dort ab jetzt geschrieben wird, und nichts von früher"
        ),
        MergeRefusal::Complaint(number, own) => format!(
            "eine Beschwerde behält ihre Fristen und ihre Überprüfung; führen Sie andersherum zusammen: schreiben Sie „/merge {own}“ in {number}"
        ),
        MergeRefusal::LosesPromise(number, own, promise) => format!(
            "{number} hat keine Frist wie „{promise}“, die hier läuft; führen Sie andersherum zusammen: schreiben Sie „/merge {own}“ in {number}"
        ),
        MergeRefusal::NoRoom(number) => format!(
            "{number} hat keinen Platz für die Personen oder Tickets, die mit diesem dazukämen"
        ),
        MergeRefusal::OneAtATime => {
            "eine E-Mail führt ein Ticket zusammen; diese Zeile blieb liegen".to_owned()
        }
        MergeRefusal::EntryStays(number) => format!(
            "der Eintrag steht in einem Ticket, das in {number} weitergeht; das Team liest ihn im Verlauf von {number}, freigeben lässt er sich nicht mehr"
        ),
    }
}

pub(super) fn refused_in_vietnamese(why: &MergeRefusal) -> String {
    match why {
        MergeRefusal::NotANumber(text) => format!(
            "“{text}” không phải là số phiếu; hãy viết “/merge SỐ PHIẾU” với phiếu sẽ được xử lý tiếp"
        ),
        MergeRefusal::NoSuchTicket(number) => {
            format!("không có phiếu {number}; hãy kiểm tra lại số phiếu")
        }
        MergeRefusal::Itself(number) => {
            format!("{number} chính là phiếu này; hãy ghi phiếu sẽ được xử lý tiếp")
        }
        MergeRefusal::CameFromThere(number) => {
            format!("{number} đã được gộp vào phiếu này rồi")
        }
        MergeRefusal::GoesOn(number, end) => {
            format!("{number} đã được gộp vào {end}; hãy viết “/merge {end}”")
        }
        MergeRefusal::Gone(number) => format!(
            "phiếu này đã được gộp vào {number} và không nhận lệnh nữa; hãy viết cho phiếu đó"
        ),
        MergeRefusal::NotOpen(number) => format!(
            "{number} đã giải quyết hoặc đã đóng; trước hết hãy viết “/open” ở phiếu đó, hoặc giữ nguyên cả hai"
        ),
        MergeRefusal::OtherCustomer(number) => format!(
            "{number} là của khách hàng khác; “/merge {number} confirm” cho cả hai đọc những gì được viết ở đó từ bây giờ, không gồm nội dung trước đó"
        ),
        MergeRefusal::Unproved(number) => format!(
            "chưa xác minh được phiếu này và {number} là của cùng một người; nếu đúng vậy, hãy viết “/merge {number} confirm”"
        ),
        MergeRefusal::LetsIn(number) => format!(
            "không phải ai tham gia phiếu này cũng tham gia {number}; “/merge {number} confirm” cho họ đọc những gì được viết ở đó từ bây giờ, không gồm nội dung trước đó"
        ),
        MergeRefusal::Complaint(number, own) => format!(
            "khiếu nại giữ nguyên thời hạn và việc xem xét lại; hãy gộp theo chiều ngược lại: viết “/merge {own}” ở {number}"
        ),
        MergeRefusal::LosesPromise(number, own, promise) => format!(
            "{number} không có thời hạn nào như “{promise}” đang tính ở đây; hãy gộp theo chiều ngược lại: viết “/merge {own}” ở {number}"
        ),
        MergeRefusal::NoRoom(number) => {
            format!("{number} không còn chỗ cho những người hoặc phiếu đi kèm phiếu này")
        }
        MergeRefusal::OneAtATime => {
            "mỗi e-mail chỉ gộp được một phiếu; dòng này không được thực hiện".to_owned()
        }
        MergeRefusal::EntryStays(number) => format!(
            "mục đó thuộc một phiếu đã được gộp vào {number}; nhân viên đọc được nội dung trong nhật ký của {number}, nhưng không thể công bố mục đó nữa"
        ),
    }
}
