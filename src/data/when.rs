//! Moments as people and other programs write them.

use std::time::{SystemTime, UNIX_EPOCH};

const DAY: i64 = 24 * 60 * 60 * 1000;
const MONTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Milliseconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A moment in milliseconds since 1970 as RFC 3339 has it, in UTC: `2000-02-29T23:59:59.000Z`. What lies before 1970 is
/// taken for its beginning.
pub fn rfc3339(millis: i64) -> String {
    let millis = millis.max(0);
    let (year, month, day) = date(millis / DAY);
    let rest = millis % DAY;
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", rest % 1000)
}

/// Year, month and day, both from 1, of a day counted from 1970.
fn date(mut days: i64) -> (i64, usize, i64) {
    let mut year = 1970;
    while days >= days_of(year) {
        days -= days_of(year);
        year += 1;
    }
    for (month, &length) in MONTHS.iter().enumerate() {
        let length = length + i64::from(month == 1 && is_leap(year));
        if days < length {
            return (year, month + 1, days + 1);
        }
        days -= length;
    }
    unreachable!("the months of a year have all its days")
}

fn days_of(year: i64) -> i64 {
    365 + i64::from(is_leap(year))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}
