//! What programs and the world do; what people do is the player's.

use play::Answer;
use serde_json::{Value, json};

use super::Play;
use super::steps::{Get, Json, Post, Ses};

impl Play {
    pub(super) fn json(&mut self, json: &Json) -> Result<(), String> {
        let mut body = serde_json::to_value(&json.fields).map_err(|error| error.to_string())?;
        for (field, letters) in &json.long {
            body[field] = Value::String("x".repeat(*letters));
        }
        let mut headers = vec![("Content-Type", "application/json")];
        headers.extend(json.key.as_deref().map(|key| ("Idempotency-Key", key)));
        let (desk, body) = (&self.desk, body.to_string());
        let ask = || desk.ask("POST", "/tickets", &headers, body.as_bytes());
        let mut answers: Vec<Answer> = std::thread::scope(|scope| {
            let asking: Vec<_> = (0..json.at_once.unwrap_or(1))
                .map(|_| scope.spawn(ask))
                .collect();
            asking
                .into_iter()
                .map(|asked| asked.join().expect("an answer"))
                .collect()
        });
        self.desk.settle();
        self.player.answer = answers.pop().unwrap_or_default();
        let first = &self.player.answer.body;
        match answers.iter().find(|other| other.body != *first) {
            Some(other) => Err(format!("two answers:\n{first}\n{}", other.body)),
            None => Ok(()),
        }
    }

    pub(super) fn post(&mut self, post: &Post) -> Result<(), String> {
        let path = self.player.filled(&post.path)?;
        let headers = [("Content-Type", post.r#type.as_str())];
        self.player.answer = self.desk.ask("POST", &path, &headers, post.body.as_bytes());
        self.desk.settle();
        Ok(())
    }

    pub(super) fn get(&mut self, get: &Get) -> Result<(), String> {
        let path = self.player.filled(&get.path)?;
        let headers: Vec<_> = get
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.player.answer = self.desk.ask("GET", &path, &headers, b"");
        Ok(())
    }

    pub(super) fn ses(&mut self, ses: &Ses) {
        let mut order = json!({ "answer": ses.answer });
        if let Some(address) = &ses.address {
            order["address"] = json!(address);
        }
        if let Some(next) = ses.next {
            order["next"] = json!(next);
        }
        self.desk.ses(&order);
    }
}
