//! Vietnamese.

use policy::{Metric, Priority, Recipient, Status, Strength, TicketType};
use ticket::{NoteReason, Refusal};

use super::{CustomerTexts, Said, StaffTexts, Texts};

pub(super) const VI: Texts = Texts {
    tag: "vi",
    customer: CUSTOMER,
    staff: STAFF,
    explain: super::explain::VI,
    progress: super::progress::VI,
    too_much: super::too_much::VI,
    people: super::people::VI,
    files: super::files::VI,
    merge: super::merge::VI,
    digest: super::digest::VI,
};

const CUSTOMER: CustomerTexts = CustomerTexts {
    hello: |name| match name {
        Some(name) => format!("Kính gửi {name},"),
        None => "Kính gửi quý khách,".to_owned(),
    },
    your_request: "Yêu cầu của quý khách",
    page: "Xem yêu cầu trực tuyến",
    page_hint: "Trang này hiển thị tin nhắn của quý khách và câu trả lời của chúng tôi. Xin quý khách không chia sẻ đường liên kết này: ai có nó đều đọc được yêu cầu và viết thêm vào đó.",
    reply_hint: "Nếu muốn bổ sung, quý khách chỉ cần trả lời e-mail này.",
    privacy: "Chính sách bảo mật",
    policy_of: |version| format!("Chính sách dịch vụ khách hàng, phiên bản {version}"),

    received_subject: |ticket_type| match ticket_type {
        TicketType::Request => "Chúng tôi đã nhận được yêu cầu của quý khách",
        TicketType::Complaint => "Chúng tôi đã nhận được khiếu nại của quý khách",
        TicketType::Feedback => "Chúng tôi đã nhận được góp ý của quý khách",
    },
    received: |ticket_type, number| {
        let what = match ticket_type {
            TicketType::Request => "yêu cầu",
            TicketType::Complaint => "khiếu nại",
            TicketType::Feedback => "góp ý",
        };
        format!(
            "Cảm ơn quý khách đã liên hệ. Chúng tôi đã nhận được {what} của quý khách, mã số {number}."
        )
    },
    subject: "Tiêu đề",
    expect: "Thời gian xử lý dự kiến",
    promise: |strength, metric, by| {
        format!(
            "Chúng tôi {} {} chậm nhất lúc {by}.",
            will(strength),
            does(metric)
        )
    },
    late: |metric, due| {
        format!(
            "Chúng tôi đã trễ hẹn: lẽ ra phải {} chậm nhất lúc {due}. Chúng tôi thành thật xin lỗi quý khách.",
            does(metric)
        )
    },
    no_promise: "Chính sách của chúng tôi không nêu thời hạn cho trường hợp này.",
    next_hours: |from| {
        format!("Hiện đang ngoài giờ làm việc. Giờ làm việc kế tiếp bắt đầu từ {from}.")
    },

    cut: "Tin nhắn này quá dài cho một e-mail; phần cuối không có ở đây.",

    missed_subject: "Chúng tôi xử lý chậm yêu cầu của quý khách",
    missed: |number| {
        format!(
            "Chúng tôi thành thật xin lỗi vì đã xử lý yêu cầu {number} của quý khách chậm hơn thời hạn."
        )
    },
    promised: |strength, metric, target| {
        format!(
            "Theo chính sách, chúng tôi {} {} trong vòng {target}.",
            will(strength),
            does(metric)
        )
    },
    clause: |clause| format!("Theo mục {clause} trong chính sách của chúng tôi"),
    was_due: |time| format!("Thời hạn là lúc {time}."),
    expected: |time| format!("Thời điểm dự kiến mới: chậm nhất lúc {time}."),
    not_expected: "Hiện chúng tôi chưa thể báo thời điểm mới. Yêu cầu của quý khách vẫn được giữ mở cho đến khi xử lý xong.",

    solved_subject: "Yêu cầu của quý khách đã được giải quyết",
    solved: |number| format!("Yêu cầu {number} của quý khách đã được chúng tôi giải quyết."),
    solved_hint: "Nếu chưa, quý khách chỉ cần trả lời e-mail này, yêu cầu sẽ được mở lại.",

    changed_subject: "Chính sách dịch vụ khách hàng sắp thay đổi",
    changed: |from| {
        format!("Phiên bản mới của chính sách dịch vụ khách hàng có hiệu lực từ {from}.")
    },
    changed_hint: |number| {
        format!(
            "Yêu cầu {number} của quý khách vẫn được xử lý theo phiên bản hiện tại. Phiên bản mới chỉ được áp dụng nếu không làm giảm bất kỳ cam kết nào của chúng tôi với quý khách."
        )
    },
    changed_policy: "Xem phiên bản mới",
    own_policy: "Xem phiên bản đang áp dụng cho yêu cầu của quý khách",
};

fn will(strength: Strength) -> &'static str {
    match strength {
        Strength::Target => "cố gắng",
        Strength::Commitment => "cam kết",
    }
}

fn does(metric: Metric) -> &'static str {
    match metric {
        Metric::Acknowledge => "xác nhận đã nhận yêu cầu",
        Metric::FirstResponse => "gửi câu trả lời đầu tiên",
        Metric::NextResponse => "trả lời tin nhắn mới nhất của quý khách",
        Metric::Update => "thông báo tiến độ",
        Metric::Resolution => "giải quyết xong yêu cầu",
    }
}

const STAFF: StaffTexts = StaffTexts {
    opened: Said {
        heading: "Mới",
        sentence: "Có một yêu cầu mới.",
    },
    customer_replied: Said {
        heading: "Trả lời",
        sentence: "Khách hàng đã viết thêm.",
    },
    stranger: Said {
        heading: "Chưa xác minh",
        sentence: "Một người không tham gia phiếu này đã viết đến địa chỉ trả lời của phiếu. Chúng ta không biết đó là ai. Khách hàng không nhìn thấy nội dung này.",
    },
    reopened: Said {
        heading: "Mở lại",
        sentence: "Khách hàng đã viết vào phiếu đã giải quyết; phiếu được mở lại.",
    },
    assigned: Said {
        heading: "Giao cho bạn",
        sentence: "Phiếu này đã được giao cho bạn.",
    },
    warning: Said {
        heading: "Sắp đến hạn",
        sentence: "Một cam kết của phiếu này sắp bị trễ hạn.",
    },
    breach: Said {
        heading: "Quá hạn",
        sentence: "Một cam kết của phiếu này đã bị trễ hạn và vẫn chưa được thực hiện.",
    },
    not_reached: Said {
        heading: "Không gửi được",
        sentence: "Không thể gửi e-mail đến khách hàng. Khách hàng chưa đọc được; vui lòng tìm cách liên hệ khác.",
    },
    orders: Said {
        heading: "Lệnh của bạn",
        sentence: "Kết quả các lệnh của bạn:",
    },
    kept_as_note: Said {
        heading: "Đã lưu thành ghi chú",
        sentence: "E-mail của bạn đã được lưu thành ghi chú nội bộ. Khách hàng không nhận được e-mail này.",
    },
    handed_over: |tier| format!("Phiếu này được chuyển lên cấp {}.", tier.as_str()),

    number: "Mã số",
    subject: "Tiêu đề",
    no_subject: "(không có tiêu đề)",
    requester: "Khách hàng",
    unknown: "không rõ",
    unverified: "địa chỉ chưa xác minh",
    department: "Bộ phận",
    no_department: "chưa xác định",
    ticket_type: "Loại",
    priority: "Mức ưu tiên",
    status: "Trạng thái",
    assignee: "Người phụ trách",
    nobody: "chưa có ai",
    tier: "Cấp",
    waiting: "Đang chờ",
    policy_version: "Phiên bản chính sách",

    us_since: |time| format!("bộ phận hỗ trợ, từ {time}"),
    us: "bộ phận hỗ trợ",
    customer: "khách hàng",
    third_party: "bên khác",
    nobody_waits: "không ai",

    promises: "Các cam kết đang chạy:",
    no_promises: "Không có cam kết nào đang chạy.",
    promise: "Cam kết",
    clause: "Mục",
    target: "Thời hạn",
    due: "Đến hạn",
    missed: "đã trễ hạn",
    internal: "nội bộ",
    level: "Bậc cảnh báo",
    next: "Tiếp theo",
    next_level: |level, time, to| format!("{level}, {time}, báo cho {to}"),
    last_level: "không còn; đây là bậc cuối cùng",

    wrote: |who, time| format!("{who} đã viết lúc {time}:"),
    somebody: "Người chưa xác minh",
    erased: "Nội dung đã được xóa.",
    empty: "(không có nội dung)",
    cut: "Ở đây chỉ có phần đầu; toàn bộ e-mail đã được lưu.",
    attachments: "Tệp đính kèm",

    reply_help: "Để trả lời khách hàng, hãy trả lời e-mail này và viết phía trên dòng ở đầu thư. Những gì nằm dưới dòng đó không được gửi đi.",
    stranger_help: "Lưu ý: câu trả lời của bạn được gửi cho khách hàng, không phải cho người đã viết nội dung này.",
    order_help: "Các dòng ở đầu thư bắt đầu bằng dấu gạch chéo là lệnh: /note (chỉ đồng nghiệp đọc), /solve, /pending, /hold, /open, /assign TÊN, /priority urgent, /department TÊN, /escalate L2 LÝ DO, /ack (bạn đang xử lý), /expect 2027-02-12 16:00 LÝ DO, /out-of-scope QUY TẮC, /review LÝ DO, /release MỤC (nội dung của người ngoài), /participant add ĐỊA CHỈ, /merge SỐ PHIẾU.",
    valid_until: |time| {
        format!("Câu trả lời của bạn có hiệu lực đến {time}, và chỉ từ địa chỉ của chính bạn.")
    },

    done: "đã thực hiện",
    refused: |why| format!("không thực hiện: {why}"),
    refusal,
    said_by_ses: "Lý do",
    note_reason: |reason| match reason {
        NoteReason::NoMarker => {
            "Trong e-mail của bạn không có dòng đánh dấu ở đầu thư, nên không thể phân biệt lời của bạn với phần trích dẫn. Hãy trả lời lại và giữ nguyên phần e-mail được trích dẫn."
        }
        NoteReason::AutoReply => "E-mail này giống một thư trả lời tự động.",
        NoteReason::Expired => {
            "Địa chỉ trả lời mà bạn đã dùng đã hết hạn. Hãy trả lời một e-mail mới hơn về phiếu này, chẳng hạn e-mail này."
        }
        NoteReason::NothingAbove => {
            "Không có nội dung nào phía trên dòng đánh dấu. Hãy viết câu trả lời phía trên, không phải phía dưới."
        }
        NoteReason::Merged => super::merge::VI.another_customers,
    },

    metric_word: |metric| match metric {
        Metric::Acknowledge => "Xác nhận đã nhận",
        Metric::FirstResponse => "Câu trả lời đầu tiên",
        Metric::NextResponse => "Câu trả lời tiếp theo",
        Metric::Update => "Cập nhật tiến độ",
        Metric::Resolution => "Giải quyết xong",
    },
    status_word: |status| match status {
        Status::New => "mới",
        Status::Open => "đang mở",
        Status::Pending => "chờ khách hàng",
        Status::OnHold => "tạm dừng",
        Status::Solved => "đã giải quyết",
        Status::Closed => "đã đóng",
    },
    priority_word: |priority| match priority {
        Priority::Low => "thấp",
        Priority::Normal => "bình thường",
        Priority::High => "cao",
        Priority::Urgent => "khẩn cấp",
    },
    type_word: |ticket_type| match ticket_type {
        TicketType::Request => "yêu cầu",
        TicketType::Complaint => "khiếu nại",
        TicketType::Feedback => "góp ý",
    },
    recipient_word: |recipient| match recipient {
        Recipient::Assignee => "người phụ trách phiếu",
        Recipient::Department => "bộ phận",
        Recipient::Lead => "trưởng bộ phận",
        Recipient::Management => "ban quản lý",
        Recipient::Person(_) => "người được chỉ định",
        Recipient::Address(_) => "địa chỉ được chỉ định",
        Recipient::OnCall(_) => "người đang trực",
    },
};

fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::TicketIsClosed => "phiếu đã đóng; hãy mở phiếu mới".to_owned(),
        Refusal::TicketIsFull => "phiếu đã đầy; hãy mở phiếu mới".to_owned(),
        Refusal::TooMuchAtOnce => {
            "quá nhiều thay đổi cùng lúc; hãy dùng ít lệnh hơn trong một e-mail".to_owned()
        }
        Refusal::NotAParticipant => "người viết không tham gia phiếu này".to_owned(),
        Refusal::UnknownPerson(name) => {
            format!("không có ai tên “{name}” trong chính sách; hãy dùng một tên có trong đó")
        }
        Refusal::UnknownDepartment(name) => {
            format!("không có bộ phận “{name}”; hãy dùng một bộ phận có trong chính sách")
        }
        Refusal::UnknownPriority(name) => {
            format!("không có mức ưu tiên “{name}”; hãy dùng low, normal, high hoặc urgent")
        }
        Refusal::UnknownTier(name) => format!("không có cấp “{name}”; hãy dùng L1, L2 hoặc L3"),
        Refusal::UnknownOrder(name) => format!(
            "không có lệnh “/{name}”; hãy dùng /note, /open, /pending, /hold, /solve, /assign, /priority, /department, /escalate, /ack, /expect, /out-of-scope, /release, /participant, /merge hoặc /review"
        ),
        Refusal::ReasonMissing => {
            "chuyển cấp phải có lý do, ví dụ “/escalate L2 cần chuyên gia cơ sở dữ liệu”".to_owned()
        }
        Refusal::NotATime(text) => format!(
            "“{text}” không phải là thời điểm sắp tới; hãy viết “2027-02-12” hoặc “2027-02-12 16:00”, sau đó là lý do"
        ),
        Refusal::UnknownScope(name, known) => {
            format!(
                "không có quy tắc phạm vi “{name}”; hãy dùng một quy tắc có trong chính sách: {known}"
            )
        }
        Refusal::NothingToReview => {
            "chỉ có thể xem xét lại khiếu nại, và chỉ khi chính sách có quy định".to_owned()
        }
        Refusal::NothingWithheld(entry, waiting) => {
            format!("“{entry}” không phải là mục đang chờ công bố; đang chờ: {waiting}")
        }
        Refusal::NotAnEntry(text) => format!(
            "“{text}” không phải là một mục; hãy viết số của mục, chẳng hạn “/release 5”: số này có trong e-mail đã báo cho bạn"
        ),
        Refusal::ParticipantHow => "hãy viết “/participant add ĐỊA CHỈ”, “/participant add ĐỊA CHỈ earlier” để họ đọc được cả nội dung trước đó, hoặc “/participant remove ĐỊA CHỈ”".to_owned(),
        Refusal::OwnAddress => {
            "đây là địa chỉ của chính chúng ta; e-mail gửi đến đó sẽ quay lại".to_owned()
        }
        Refusal::TheRequester => "không thể gỡ người đã gửi yêu cầu".to_owned(),
        Refusal::HadAPart(name) => {
            format!("{name} đã tham gia xử lý khiếu nại này; cần người khác xem xét lại")
        }
        Refusal::Merge(why) => super::merge::refused_in_vietnamese(why),
        Refusal::AlreadySo => "không có gì để thay đổi; hiện đã như vậy".to_owned(),
        Refusal::StatusNotByHand(status) => format!(
            "không thể đặt trạng thái “{}” bằng tay",
            (STAFF.status_word)(*status)
        ),
    }
}
