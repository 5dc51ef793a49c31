//! Texts on their way into a page: nothing of them is markup there.

/// A text as a page has to write it, between tags and within quotes. Signs that no page may hold become a mark.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + text.len() / 8);
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(letter),
            // They turn the rest of a line around, so that it reads as something else.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => safe.push('\u{fffd}'),
            _ if letter.is_control() => safe.push('\u{fffd}'),
            _ => safe.push(letter),
        }
    }
    safe
}

/// A text with what stands between two backticks as code, and names of parts of the code set as the paper sets them:
/// `f_id` with its letters below the line, the `f` of `f without f_id` slanted.
pub fn rich(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        // One backtick too many: they mean something else.
        return names(text);
    }
    let piece = |(place, piece): (usize, &&str)| {
        if place.is_multiple_of(2) { names(piece) } else { format!("<code>{}</code>", escape(piece)) }
    };
    pieces.iter().enumerate().map(piece).collect()
}

fn names(text: &str) -> String {
    if let Some((before, after)) = text.split_once("f without f_")
        && !before.ends_with(is_word)
    {
        return format!("{}<i>f</i> without {}", names(before), names(&format!("f_{after}")));
    }
    let (mut safe, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("f_") {
        let after = &rest[at + 2..];
        let end = after.find(|letter| !is_word(letter)).unwrap_or(after.len());
        let name = &after[..end];
        if matches!(name, "p" | "id" | "e" | "s") && !rest[..at].ends_with(is_word) {
            safe.push_str(&escape(&rest[..at]));
            safe.push_str(&format!("<i>f</i><sub>{name}</sub>"));
        } else {
            safe.push_str(&escape(&rest[..at + 2 + end]));
        }
        rest = &after[end..];
    }
    safe + &escape(rest)
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The same as a sentence of its own.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let stop = if text.is_empty() || text.ends_with(['.', '!', '?']) { "" } else { "." };
    rich(text) + stop
}

/// A number with a minus as long as its plus.
pub fn number(text: &str) -> String {
    escape(&text.replace('-', "\u{2212}"))
}
