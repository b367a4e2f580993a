use super::*;

#[test]
fn whatever_a_file_is_called_its_disposition_is_one_attachment_with_its_name_encoded() {
    for (name, said) in [
        (
            "scan.pdf",
            "filename=\"scan.pdf\"; filename*=UTF-8''scan.pdf",
        ),
        (
            "báo cáo.pdf",
            "filename=\"b_o c_o.pdf\"; filename*=UTF-8''b%C3%A1o%20c%C3%A1o.pdf",
        ),
        (
            "\"; filename=evil.html",
            "filename=\"__ filename_evil.html\"; filename*=UTF-8''%22%3B%20filename%3Devil.html",
        ),
        (
            "a\r\nX: y\0%'",
            "filename=\"a__X_ y___\"; filename*=UTF-8''a%0D%0AX%3A%20y%00%25%27",
        ),
        ("\u{202E}", "filename=\"_\"; filename*=UTF-8''%E2%80%AE"),
    ] {
        assert_eq!(disposition(name), format!("attachment; {said}"));
    }
}
