//! A function's answer as an HTTP response.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::full;

/// An answer of API Gateway itself.
pub(super) fn plain(status: StatusCode, message: &str) -> Response {
    let mut response = Response::new(full(json!({ "message": message }).to_string()));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// Response format 2.0: an object with `statusCode`, or any other JSON as a 200 body.
pub(super) fn from_answer(answer: &[u8]) -> Response {
    let broken = || plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
    let Ok(value) = serde_json::from_slice::<Value>(answer) else {
        return broken();
    };
    if value.get("statusCode").is_none() {
        let body = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let mut response = Response::new(full(body));
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        return response;
    }
    formatted(&value).unwrap_or_else(broken)
}

fn formatted(value: &Value) -> Option<Response> {
    let status = u16::try_from(value["statusCode"].as_u64()?).ok()?;
    let body = match &value["body"] {
        Value::Null => Vec::new(),
        Value::String(text) if value["isBase64Encoded"] == json!(true) => {
            STANDARD.decode(text).ok()?
        }
        Value::String(text) => text.clone().into_bytes(),
        _ => return None,
    };
    let mut response = Response::new(full(body));
    *response.status_mut() = StatusCode::from_u16(status).ok()?;
    let headers = response.headers_mut();
    for (name, value) in value["headers"].as_object().into_iter().flatten() {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let name: HeaderName = name.parse().ok()?;
        headers.insert(name, text.parse().ok()?);
    }
    for cookie in value["cookies"].as_array().into_iter().flatten() {
        headers.append(header::SET_COOKIE, cookie.as_str()?.parse().ok()?);
    }
    if !headers.contains_key(header::CONTENT_TYPE) {
        let text = HeaderValue::from_static("text/plain;charset=UTF-8");
        headers.insert(header::CONTENT_TYPE, text);
    }
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(
        "apigw-requestid",
        uuid::Uuid::new_v4().to_string().parse().ok()?,
    );
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    async fn read(answer: &Value) -> (u16, String, axum::http::HeaderMap) {
        let response = from_answer(answer.to_string().as_bytes());
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 10_000).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        (parts.status.as_u16(), body, parts.headers)
    }

    #[tokio::test]
    async fn a_formatted_answer_keeps_status_headers_cookies_and_bytes() {
        let (status, body, headers) = read(&json!({
            "statusCode": 201, "headers": {"Location": "/t", "Content-Type": "text/html"},
            "cookies": ["a=1", "b=2"], "body": "aGk=", "isBase64Encoded": true,
        }))
        .await;
        assert_eq!((status, body.as_str()), (201, "hi"));
        assert_eq!(headers["location"], "/t");
        assert_eq!(headers["content-type"], "text/html");
        assert_eq!(headers.get_all("set-cookie").iter().count(), 2);
    }

    #[tokio::test]
    async fn bare_json_is_a_200_and_a_broken_answer_is_a_500() {
        let (status, body, _) = read(&json!({"hello": "world"})).await;
        assert_eq!((status, body.as_str()), (200, r#"{"hello":"world"}"#));
        let (status, body, _) = read(&json!({"statusCode": "later"})).await;
        assert_eq!(
            (status, body.as_str()),
            (500, r#"{"message":"Internal Server Error"}"#)
        );
    }
}
