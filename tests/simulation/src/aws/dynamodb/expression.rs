//! Condition, key and update expressions: read by the grammar of the manual, as far as the store writes them.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html>

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use serde_json::{Value, json};

use super::super::text;
use super::Item;

/// Placeholders of an expression.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    names: &'a Value,
    values: &'a Value,
}

impl<'a> Names<'a> {
    pub(crate) fn of(body: &'a Value) -> Self {
        Self {
            names: &body["ExpressionAttributeNames"],
            values: &body["ExpressionAttributeValues"],
        }
    }

    fn name<'t>(&'t self, word: &'t str) -> Result<&'t str, String> {
        if word.starts_with('#') {
            return self.names[word]
                .as_str()
                .ok_or_else(|| format!("no name for {word}"));
        }
        if RESERVED.contains(&word.to_ascii_uppercase().as_str()) {
            return Err(format!("{word} is a reserved word"));
        }
        Ok(word)
    }

    fn value(&self, word: &str) -> Result<&'a Value, String> {
        self.values
            .get(word)
            .ok_or_else(|| format!("no value for {word}"))
    }
}

/// The reserved words that somebody might take for a name of ours.
const RESERVED: [&str; 24] = [
    "FROM",
    "STATUS",
    "TTL",
    "NAME",
    "STATE",
    "DATE",
    "TIME",
    "TIMESTAMP",
    "USER",
    "KEY",
    "VALUE",
    "VALUES",
    "COUNT",
    "INDEX",
    "TYPE",
    "HASH",
    "RANGE",
    "ORDER",
    "SIZE",
    "SUM",
    "UNTIL",
    "ITEMS",
    "LANGUAGE",
    "ROLE",
];

/// Whether every placeholder is used, which is what `DynamoDB` asks for.
pub(crate) fn is_known(
    condition: &str,
    update: Option<&str>,
    names: &Names<'_>,
) -> Result<(), String> {
    let both = [words(condition)?, words(update.unwrap_or_default())?];
    let used = |name: &String| both.iter().any(|words| words.contains(name));
    for given in [names.names, names.values] {
        for name in given
            .as_object()
            .into_iter()
            .flat_map(serde_json::Map::keys)
        {
            if !used(name) {
                return Err(format!("{name} is not used"));
            }
        }
    }
    Ok(())
}

/// The words of an expression; each is taken apart once, since the desk writes few of them and asks them often.
fn words(expression: &str) -> Result<Rc<[String]>, String> {
    thread_local! {
        static KNOWN: RefCell<HashMap<String, Rc<[String]>>> = RefCell::default();
    }
    if let Some(words) = KNOWN.with_borrow(|known| known.get(expression).cloned()) {
        return Ok(words);
    }
    let words: Rc<[String]> = taken_apart(expression)?.into();
    KNOWN.with_borrow_mut(|known| known.insert(expression.to_owned(), Rc::clone(&words)));
    Ok(words)
}

fn taken_apart(expression: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = if first.is_alphanumeric() || matches!(first, ':' | '#' | '_') {
            rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '#' | '_' | '.')))
                .unwrap_or(rest.len())
        } else if rest.starts_with("<>") || rest.starts_with("<=") || rest.starts_with(">=") {
            2
        } else if matches!(first, '(' | ')' | ',' | '=' | '<' | '>' | '+' | '-') {
            1
        } else {
            return Err(format!("{first:?} in {expression:?}"));
        };
        words.push(rest[..end].to_owned());
        rest = rest[end..].trim_start();
    }
    Ok(words)
}

struct Reader<'a> {
    words: &'a [String],
    place: usize,
    item: &'a Item,
    names: &'a Names<'a>,
}

/// A condition, read once and asked of many items.
pub(crate) struct Condition {
    words: Rc<[String]>,
}

impl Condition {
    pub(crate) fn read(expression: &str) -> Result<Self, String> {
        Ok(Self {
            words: words(expression)?,
        })
    }

    /// Whether it holds for an item; an absent item is an empty one.
    pub(crate) fn holds(&self, item: &Item, names: &Names<'_>) -> Result<bool, String> {
        let mut reader = Reader {
            words: &self.words,
            place: 0,
            item,
            names,
        };
        let holds = reader.or()?;
        match self.words.get(reader.place) {
            None => Ok(holds),
            Some(word) => Err(format!("{word:?} in {:?}", self.words.join(" "))),
        }
    }
}

/// Whether a condition holds for an item.
pub(crate) fn holds(expression: &str, item: &Item, names: &Names<'_>) -> Result<bool, String> {
    Condition::read(expression)?.holds(item, names)
}

/// The text that an expression compares an attribute with for equality.
pub(crate) fn equal_to<'b>(
    expression: &str,
    attribute: &str,
    names: &Names<'b>,
) -> Option<&'b str> {
    let words = words(expression).ok()?;
    let place = words
        .windows(2)
        .position(|pair| pair[1] == "=" && names.name(&pair[0]).is_ok_and(|it| it == attribute))?;
    names.values.get(words.get(place + 2)?)?["S"].as_str()
}

impl<'a> Reader<'a> {
    fn peek(&self) -> &'a str {
        self.words.get(self.place).map_or("", String::as_str)
    }

    fn next(&mut self) -> &'a str {
        let word = self.peek();
        self.place += 1;
        word
    }

    fn takes(&mut self, word: &str) -> bool {
        let takes = self.peek().eq_ignore_ascii_case(word);
        self.place += usize::from(takes);
        takes
    }

    fn needs(&mut self, word: &str) -> Result<(), String> {
        if self.takes(word) {
            Ok(())
        } else {
            Err(format!("{word:?} is missing before {:?}", self.peek()))
        }
    }

    fn or(&mut self) -> Result<bool, String> {
        let mut holds = self.and()?;
        while self.takes("OR") {
            holds |= self.and()?;
        }
        Ok(holds)
    }

    fn and(&mut self) -> Result<bool, String> {
        let mut holds = self.not()?;
        while self.takes("AND") {
            holds &= self.not()?;
        }
        Ok(holds)
    }

    fn not(&mut self) -> Result<bool, String> {
        if self.takes("NOT") {
            Ok(!self.not()?)
        } else {
            self.one()
        }
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.takes("(") {
            let holds = self.or()?;
            self.needs(")")?;
            return Ok(holds);
        }
        match self.peek() {
            "attribute_exists" | "attribute_not_exists" => {
                let wanted = self.next() == "attribute_exists";
                self.needs("(")?;
                let name = self.next();
                self.needs(")")?;
                Ok(self.item.contains_key(self.names.name(name)?) == wanted)
            }
            "begins_with" => {
                self.next();
                self.needs("(")?;
                let whole = self.operand()?;
                self.needs(",")?;
                let start = self.operand()?;
                self.needs(")")?;
                let start = start.and_then(|it| it["S"].as_str()).ok_or("begins_with")?;
                Ok(whole.is_some_and(|whole| {
                    whole["S"]
                        .as_str()
                        .is_some_and(|whole| whole.starts_with(start))
                }))
            }
            _ => self.comparison(),
        }
    }

    fn comparison(&mut self) -> Result<bool, String> {
        let left = self.operand()?;
        let operator = self.next();
        if operator.eq_ignore_ascii_case("IN") {
            self.needs("(")?;
            let mut found = false;
            loop {
                let right = self.operand()?;
                found |= left.is_some() && left == right;
                if !self.takes(",") {
                    break;
                }
            }
            self.needs(")")?;
            return Ok(found);
        }
        if operator.eq_ignore_ascii_case("BETWEEN") {
            let low = self.operand()?;
            self.needs("AND")?;
            let high = self.operand()?;
            return Ok(compare(left, low).is_some_and(Ordering::is_ge)
                && compare(left, high).is_some_and(Ordering::is_le));
        }
        let right = self.operand()?;
        let order = compare(left, right);
        Ok(match operator {
            "=" => left.is_some() && left == right,
            "<>" => left != right,
            "<" => order.is_some_and(Ordering::is_lt),
            "<=" => order.is_some_and(Ordering::is_le),
            ">" => order.is_some_and(Ordering::is_gt),
            ">=" => order.is_some_and(Ordering::is_ge),
            other => return Err(format!("operator {other:?}")),
        })
    }

    /// An attribute or a value; none for an attribute that the item does not have.
    fn operand(&mut self) -> Result<Option<&'a Value>, String> {
        let word = self.next();
        if word.starts_with(':') {
            return self.names.value(word).map(Some);
        }
        if !word.starts_with(|c: char| c.is_alphabetic() || c == '#' || c == '_')
            || self.peek() == "("
        {
            return Err(format!("operand {word:?}"));
        }
        Ok(self.item.get(self.names.name(word)?))
    }
}

fn number(value: &Value) -> Option<i128> {
    text(value, "N").parse().ok()
}

/// Numbers by value, texts by bytes; what differs in type cannot be compared.
fn compare(left: Option<&Value>, right: Option<&Value>) -> Option<Ordering> {
    let (left, right) = (left?, right?);
    if let (Some(left), Some(right)) = (number(left), number(right)) {
        return Some(left.cmp(&right));
    }
    Some(left["S"].as_str()?.cmp(right["S"].as_str()?))
}

/// Carries an update out on an item; answers the names of the attributes that it touched.
pub(crate) fn changed(
    expression: &str,
    item: &mut Item,
    names: &Names<'_>,
) -> Result<BTreeSet<String>, String> {
    let before = item.clone();
    let words = words(expression)?;
    let mut reader = Reader {
        words: &words,
        place: 0,
        item: &before,
        names,
    };
    let mut touched = BTreeSet::new();
    let mut clause = String::new();
    while reader.place < reader.words.len() {
        let word = reader.next();
        if ["SET", "REMOVE", "ADD"].contains(&word.to_ascii_uppercase().as_str()) {
            clause = word.to_ascii_uppercase();
            continue;
        }
        let name = names.name(word)?.to_owned();
        match clause.as_str() {
            "SET" => {
                reader.needs("=")?;
                let value = reader.sum()?;
                item.insert(name.clone(), value);
            }
            "REMOVE" => {
                item.remove(&name);
            }
            "ADD" => {
                let more = reader
                    .operand()?
                    .and_then(number)
                    .ok_or("ADD takes a number")?;
                let sum = before.get(&name).and_then(number).unwrap_or(0) + more;
                item.insert(name.clone(), json!({ "N": sum.to_string() }));
            }
            other => return Err(format!("clause {other:?} in {expression:?}")),
        }
        if !touched.insert(name.clone()) {
            return Err(format!("{name} twice in {expression:?}"));
        }
        reader.takes(",");
    }
    Ok(touched)
}

impl Reader<'_> {
    fn sum(&mut self) -> Result<Value, String> {
        let left = self.part()?;
        if !matches!(self.peek(), "+" | "-") {
            return Ok(left);
        }
        let sign = if self.next() == "+" { 1 } else { -1 };
        let right = self.part()?;
        let (left, right) = number(&left)
            .zip(number(&right))
            .ok_or("a sum of what are no numbers")?;
        Ok(json!({ "N": (left + sign * right).to_string() }))
    }

    fn part(&mut self) -> Result<Value, String> {
        if self.peek() != "if_not_exists" {
            return self
                .operand()?
                .cloned()
                .ok_or_else(|| "an attribute that is not there".to_owned());
        }
        self.next();
        self.needs("(")?;
        let known = self.operand()?;
        self.needs(",")?;
        let other = self.operand()?;
        self.needs(")")?;
        known
            .or(other)
            .cloned()
            .ok_or_else(|| "if_not_exists without a value".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item() -> Item {
        json!({ "PK": { "S": "a" }, "n": { "N": "9" }, "t": { "S": "10" } })
            .as_object()
            .unwrap()
            .clone()
    }

    #[test]
    fn conditions_hold_as_the_manual_says() {
        let body = json!({ "ExpressionAttributeValues": { ":ten": { "N": "10" }, ":a": { "S": "a" }, ":b": { "S": "b" } } });
        let names = Names::of(&body);
        for (expression, wanted) in [
            ("attribute_exists(PK)", true),
            ("attribute_not_exists(x)", true),
            ("n < :ten", true),
            ("n >= :ten", false),
            ("x <> :a", true),
            ("x = :a", false),
            ("x <= :ten", false),
            ("PK IN (:b, :a)", true),
            ("PK = :b OR (n <= :ten AND NOT PK = :b)", true),
            ("PK = :a AND begins_with(t, :b)", false),
        ] {
            assert_eq!(
                holds(expression, &item(), &names),
                Ok(wanted),
                "{expression}"
            );
        }
        for refused in [
            "contains(PK, :a)",
            "PK == :a",
            "from = :a",
            "PK = :c",
            "PK = :a PK",
        ] {
            assert!(holds(refused, &item(), &names).is_err(), "{refused}");
        }
    }

    #[test]
    fn updates_see_the_item_as_it_was() {
        let body =
            json!({ "ExpressionAttributeValues": { ":one": { "N": "1" }, ":a": { "S": "z" } } });
        let mut changed_item = item();
        let touched = changed(
            "SET t = :a, k = if_not_exists(k, :one) REMOVE PK ADD n :one, m :one",
            &mut changed_item,
            &Names::of(&body),
        );
        assert_eq!(touched.map(|it| it.len()), Ok(5));
        assert_eq!(
            Value::Object(changed_item),
            json!({
                "t": { "S": "z" }, "k": { "N": "1" }, "n": { "N": "10" }, "m": { "N": "1" }
            })
        );
    }

    #[test]
    fn a_placeholder_that_is_not_used_is_refused() {
        let body = json!({ "ExpressionAttributeValues": { ":one": { "N": "1" } } });
        assert!(is_known("n = :two", None, &Names::of(&body)).is_err());
        assert!(is_known("n = :one", None, &Names::of(&body)).is_ok());
    }
}
