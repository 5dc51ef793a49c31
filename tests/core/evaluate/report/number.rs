//! Numbers are written alike wherever they stand.

use facespace::evaluate::report::figure::{count, duration};
use facespace::evaluate::report::{Better, Cell, Column, Figure, Unit, keys};
use facespace::evaluate::{Interval, Measured, Subset};
use facespace::face::Part;

use super::sample::measured;

#[test]
fn each_unit_has_its_own_decimals_and_sign() {
    for (unit, value, says) in [
        (Unit::Share, 0.9583, "95.8 %"),
        (Unit::Degrees, 2.664, "2.66°"),
        (Unit::Levels, 19.909, "19.91"),
        (Unit::Score, 0.8605, "0.861"),
        (Unit::Ratio, 0.5, "0.500"),
        (Unit::Distance, 0.1234, "0.123"),
        (Unit::Distance, 12.345, "12.35"),
        (Unit::Distance, 123.45, "123.5"),
        (Unit::Score, -0.0001, "0.000"),
        (Unit::Score, -0.25, "-0.250"),
        (Unit::Score, f64::NAN, "?"),
    ] {
        assert_eq!(unit.text(value), says, "{unit:?} {value}");
    }
}

#[test]
fn an_interval_is_as_fine_as_its_value_and_has_the_sign_once() {
    let figure = |unit, value| Figure::new("a.b", "A", unit, Better::Higher, value);
    assert_eq!(figure(Unit::Share, measured(0.9, 0.05, 9)).interval_text().unwrap(), "85.0 to 95.0 %");
    let wide = Measured { value: 9.0, interval: Some(Interval { low: 8.0, high: 11.0 }), n: 3 };
    assert_eq!(figure(Unit::Distance, wide).interval_text().unwrap(), "8.000 to 11.000");
    assert_eq!(figure(Unit::Share, Measured { interval: None, ..wide }).interval_text(), None);
}

#[test]
fn counts_and_times_are_said_as_people_do() {
    let counts = [0, 999, 1000, 10_000, 1_234_567].map(count);
    assert_eq!(counts, ["0", "999", "1,000", "10,000", "1,234,567"]);
    let times = [0.4, 59.6, 185.0, 7800.0].map(duration);
    assert_eq!(times, ["0 s", "1 min 0 s", "3 min 5 s", "2 h 10 min"]);
}

#[test]
fn a_name_goes_on_behind_its_group() {
    let figure = |group: &str, name: &str| {
        Figure::new("a.b", name, Unit::Score, Better::Higher, measured(0.5, 0.1, 9)).of(group).full_name()
    };
    assert_eq!(figure("PCA-99", "Pixel RMSE"), "PCA-99, pixel RMSE");
    assert_eq!(figure("Direct", "RMSE as the authors define it"), "Direct, RMSE as the authors define it");
    assert_eq!(figure("", "Pixel RMSE"), "Pixel RMSE");
}

#[test]
fn subsets_and_names_are_words_of_keys() {
    assert_eq!(keys::reads(Subset::Only(Part::Identity)), "f_id");
    assert_eq!(keys::reads(Subset::Without(Part::Expression)), "f_without_f_e");
    assert_eq!(keys::VERIFIED, format!("verification.{}", keys::reads(Subset::Only(Part::Identity))));
    let rest = keys::reads(Subset::Without(Part::Expression));
    assert_eq!(keys::EXPRESSION_BY_REST, format!("expression.{rest}.mean"));
    assert_eq!(keys::word("Same person (7)"), "same_person_7");
}

#[test]
fn what_cannot_be_written_is_an_empty_cell() {
    let column = Column::numbers("R2", Unit::Score);
    assert_eq!(Cell::from(f64::NAN), Cell::Empty);
    assert_eq!(Cell::from(f64::NAN).text(&column), "");
    assert_eq!(Cell::from(0.5).text(&column), "0.500");
    assert_eq!(Cell::from(measured(0.5, 0.1, 3)).text(&column), "0.500");
    assert_eq!(Cell::from("happy").text(&column), "happy");
}
