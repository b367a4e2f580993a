//! Vietnamese.

use policy::{Metric, Status, Strength, TicketType};
use ticket::Withheld;

use super::{Fault, Texts};

pub(crate) const VI: Texts = Texts {
    tag: "vi",

    language: "Ngôn ngữ",
    skip: "Chuyển đến nội dung",
    error_prefix: "Lỗi",
    new_request: "Gửi yêu cầu",
    policy: "Chính sách dịch vụ khách hàng",
    privacy: "Chính sách bảo mật",

    form_title: "Gửi yêu cầu cho chúng tôi",
    form_intro: "Quý khách nhận ngay mã số của yêu cầu và thời điểm chậm nhất sẽ có câu trả lời.",
    optional: "(không bắt buộc)",
    email: "Địa chỉ e-mail",
    email_hint: "Chúng tôi sẽ trả lời vào địa chỉ này.",
    name: "Họ và tên",
    type_question: "Nội dung thuộc loại nào?",
    department_question: "Gửi đến bộ phận nào?",
    service_question: "Quý khách cần hỗ trợ về dịch vụ nào?",
    unsure: "Tôi không chắc",
    subject: "Tiêu đề",
    message: "Nội dung",
    message_hint: "Tối đa 20.000 ký tự. Xin đừng gửi mật khẩu hoặc số thẻ; nếu nhận ra, chúng tôi sẽ che đi trước khi lưu tin nhắn.",
    send: "Gửi",
    faults_title: "Vui lòng sửa các mục sau trước khi gửi",
    sent_before: "Biểu mẫu này đã được gửi trước đó với nội dung khác. Nếu muốn gửi thêm nội dung này, vui lòng bấm “Gửi” một lần nữa.",

    promises_title: "Cam kết của chúng tôi",
    promises_intro: "Nếu quý khách gửi ngay bây giờ:",
    no_promise: "Chính sách của chúng tôi không nêu thời hạn cho trường hợp này.",
    next_hours: |from| {
        format!(
            "Hiện đang ngoài giờ làm việc. Chúng tôi sẽ xử lý yêu cầu của quý khách vào giờ làm việc kế tiếp, bắt đầu từ {from}."
        )
    },
    at_once: "Ngay lập tức, ở trang tiếp theo và qua e-mail",
    paused: "Tạm dừng trong lúc chờ quý khách hoặc chờ bên khác",
    why: "Vì sao là thời điểm này?",

    thanks_title: "Cảm ơn quý khách, chúng tôi đã nhận được yêu cầu",
    number_is: "Mã số của yêu cầu là",
    expect_title: "Các mốc thời gian",
    mailed: "Chúng tôi cũng gửi xác nhận qua e-mail.",
    link_text: "Mở trang của yêu cầu",
    link_hint: "Trang này hiển thị tin nhắn của quý khách và câu trả lời của chúng tôi. Xin giữ kín địa chỉ trang: ai có địa chỉ này đều đọc được yêu cầu và viết thêm vào đó.",
    policy_version: "Phiên bản chính sách",

    status_title: "Tình trạng",
    messages_title: "Tin nhắn",
    you: "Quý khách",
    somebody_else: "Một người tham gia khác",
    taking_part: "Người tham gia",
    requester: "Người đã gửi yêu cầu này",
    erased: "Nội dung tin nhắn này đã được xóa.",
    cut: "Ở đây chỉ hiển thị phần đầu. Chúng tôi đã nhận được toàn bộ tin nhắn.",
    quoted: "Phần trích dẫn",
    attachments: "Tệp đính kèm",
    not_here: |why| match why {
        Some(Withheld::Virus) => "bị giữ lại: phát hiện vi-rút trong e-mail",
        Some(Withheld::Secret) => "bị giữ lại: có thông tin bảo mật",
        Some(Withheld::TooMany) | None => "chúng tôi đã lưu nhưng không mở được tại đây",
    },
    reply_title: "Viết thêm cho yêu cầu này",
    conduct: |clause| {
        let clause = clause.map_or_else(String::new, |clause| format!(" ({clause})"));
        format!(
            "Các quy tắc ứng xử của chúng tôi{clause} được áp dụng. Nếu việc hỗ trợ cho một địa chỉ e-mail bị hạn chế, chủ địa chỉ có thể xem những việc vẫn được phép trên trang của yêu cầu; đường liên kết được gửi đến chính địa chỉ đó."
        )
    },
    no_more: "Không thể bổ sung cho yêu cầu này nữa. Nếu cần hỗ trợ thêm, vui lòng gửi yêu cầu mới.",

    have_it_title: "Cảnh báo leo thang",
    have_it: |number| {
        format!(
            "Bạn xác nhận đang xử lý phiếu {number}. Những gì đã được báo sẽ không nhắc lại nữa; các thời hạn vẫn tiếp tục chạy."
        )
    },
    have_it_button: "Tôi đang xử lý",
    have_it_done: |number| {
        format!("Cảm ơn bạn. Đã ghi nhận bạn đang xử lý phiếu {number}; hệ thống ngừng nhắc lại.")
    },
    have_it_nothing: |number| {
        format!("Phiếu {number} hiện không có gì cần nhận; đã có người xử lý hoặc đã xong.")
    },

    not_found_title: "Không có gì ở đây",
    not_found: "Nếu quý khách mở liên kết từ e-mail của chúng tôi, vui lòng kiểm tra xem liên kết có đầy đủ không.",
    closed_desk_title: "Chưa hoạt động",
    closed_desk: "Bộ phận hỗ trợ này chưa hoạt động; vui lòng quay lại sau.",
    closed_desk_operator: "Nếu đây là hệ thống của bạn, hãy công bố chính sách bằng lệnh `troth policy publish DIR`.",
    too_many_title: "Xin quý khách chờ vài phút",
    too_many: "Trong thời gian ngắn đã có rất nhiều yêu cầu gửi từ mạng của quý khách. Yêu cầu này chưa được tiếp nhận. Xin quay lại trang trước và gửi lại sau khoảng mười phút, hoặc liên hệ với chúng tôi qua e-mail.",
    busy_title: "Vui lòng thử lại sau giây lát",
    busy: "Hiện chúng tôi chưa thể hoàn tất thao tác này. Vui lòng tải lại trang sau vài giây; không có gì bị thực hiện hai lần.",
    broken_title: "Đã xảy ra lỗi ở phía chúng tôi",
    broken: "Chúng tôi đã ghi nhận. Nếu gấp, vui lòng gửi e-mail cho chúng tôi.",
    unreadable_title: "Chúng tôi không đọc được nội dung này",
    unreadable: "Vui lòng dùng biểu mẫu trên trang này. Mỗi tin nhắn có tối đa 20.000 ký tự.",
    policy_absent: "Hiện chưa thể hiển thị nội dung chính sách tại đây.",
    policy_now: "Xem phiên bản đang có hiệu lực",
    not_yet_in_force: "Phiên bản này chưa có hiệu lực.",
    no_longer_in_force: "Phiên bản này không còn hiệu lực.",
    versions_title: "Tất cả các phiên bản",
    in_force_from: |time| format!("Có hiệu lực từ {time}"),
    busier: |until| {
        format!("Chúng tôi đang có lượng yêu cầu cao hơn bình thường, dự kiến đến {until}.")
    },

    ticket_title: |number| format!("Yêu cầu {number}"),
    prevails: |language| format!("Bản có giá trị ràng buộc là bản bằng ngôn ngữ: {language}."),
    by: |strength, time| match strength {
        Strength::Commitment => format!("Cam kết: chậm nhất {time}"),
        Strength::Target => format!("Mục tiêu: chậm nhất {time}"),
    },
    within: |strength, target| match strength {
        Strength::Commitment => format!("Cam kết: trong vòng {target}"),
        Strength::Target => format!("Mục tiêu: trong vòng {target}"),
    },
    kept: |time| format!("Đã thực hiện: {time}"),
    kept_late: |time, due| format!("Đã thực hiện muộn: {time}. Thời hạn là {due}."),
    missed: |due| format!("Chúng tôi đã trễ hẹn. Thời hạn là {due}."),
    expected_by: |time| format!("Dự kiến hoàn tất chậm nhất {time}."),
    expected: |time| format!("Thời điểm dự kiến mới: chậm nhất {time}."),
    fault,
    metric: |metric| match metric {
        Metric::Acknowledge => "Xác nhận đã nhận",
        Metric::FirstResponse => "Câu trả lời đầu tiên",
        Metric::NextResponse => "Trả lời cho tin nhắn tiếp theo",
        Metric::Update => "Cập nhật tiến độ",
        Metric::Resolution => "Giải quyết xong",
    },
    goes_on: |number| format!("Yêu cầu này được xử lý tiếp cùng với yêu cầu {number}."),
    goes_on_link: "Mở yêu cầu đó để đọc tiếp và gửi tin nhắn",
    came_with: "Được xử lý chung:",
    status: |status| match status {
        Status::New => "Chúng tôi đã nhận và chưa trả lời.",
        Status::Open => "Chúng tôi đang xử lý.",
        Status::Pending => "Chúng tôi đã trả lời và đang chờ quý khách.",
        Status::OnHold => "Chúng tôi đang chờ một bên khác để có thể tiếp tục.",
        Status::Solved => {
            "Chúng tôi cho rằng yêu cầu đã được giải quyết. Nếu chưa, xin viết vào ô bên dưới và yêu cầu sẽ được mở lại."
        }
        Status::Closed => "Yêu cầu đã đóng.",
    },
    ticket_type: |ticket_type| match ticket_type {
        TicketType::Request => "Câu hỏi hoặc yêu cầu",
        TicketType::Complaint => "Khiếu nại",
        TicketType::Feedback => "Góp ý",
    },
};

fn fault(fault: &Fault) -> String {
    match fault {
        Fault::Missing => "còn trống; vui lòng điền vào.".to_owned(),
        Fault::TooLong(most) => format!("quá dài; tối đa {most} ký tự."),
        Fault::NotAnAddress => {
            "không phải là địa chỉ e-mail; ví dụ đúng: ten@example.com.".to_owned()
        }
        Fault::NotOneLine => "phải nằm trên một dòng.".to_owned(),
        Fault::NotOffered(offered) => format!("không thuộc các lựa chọn: {offered}."),
        Fault::UnknownField => "không phải là mục của biểu mẫu này.".to_owned(),
        Fault::Twice => "được gửi nhiều lần.".to_owned(),
        Fault::NotText => "phải là văn bản trong dấu ngoặc kép.".to_owned(),
        Fault::UnknownZone => "không phải là múi giờ; ví dụ đúng: Asia/Ho_Chi_Minh.".to_owned(),
        Fault::NotAKey => "không phải là khóa; tối đa 200 ký tự ASCII in được.".to_owned(),
        Fault::KeyUsed => "đã được dùng cho một yêu cầu khác; vui lòng dùng khóa mới.".to_owned(),
    }
}
