//! Which expression a word means.

use facespace::data::sets::{Columns, Format, Reason, Split};
use facespace::face::Expression;

#[test]
fn names_numbers_and_words_in_use_are_known() {
    let columns = Columns::default();
    for (place, class) in Expression::ALL.into_iter().enumerate() {
        for word in [class.name().to_owned(), class.name().to_uppercase(), place.to_string(), format!(" {place}.0 ")] {
            assert_eq!(columns.class_of(&word), Ok(Some(class)), "{word}");
        }
    }
    let words = [("Happiness", 1), ("sadness", 2), ("Surprised", 3), ("afraid", 4), ("disgusted", 5), ("Angry", 6)];
    for (word, place) in words {
        assert_eq!(columns.class_of(word), Ok(Some(Expression::ALL[place])), "{word}");
    }
    for word in ["", " ", "None", "uncertain", "nan"] {
        assert_eq!(columns.class_of(word), Ok(None), "{word}");
    }
    for word in ["8", "-1", "1.5", "boredom"] {
        assert_eq!(columns.class_of(word), Err(Reason::UnknownClass(word.to_owned())));
    }
}

#[test]
fn what_the_user_says_goes_before() {
    let said = ["0=anger", "bored = neutral", "a=b=Happiness"].map(|text| Columns::parse_class(text).unwrap());
    let columns = Columns { classes: said.to_vec(), ..Columns::default() };
    assert_eq!(columns.class_of("0"), Ok(Some(Expression::Anger)));
    assert_eq!(columns.class_of("Bored"), Ok(Some(Expression::Neutral)));
    assert_eq!(columns.class_of("a=b"), Ok(Some(Expression::Happy)));
    assert_eq!(columns.class_of("1"), Ok(Some(Expression::Happy)));
    for text in ["angry", "=anger", "angry=boredom", "angry=6"] {
        let error = Columns::parse_class(text).unwrap_err().to_string();
        assert!(error.starts_with(&format!("The class \"{text}\" is not of the form WORD=EXPRESSION;")), "{error}");
    }
}

#[test]
fn formats_and_parts_go_by_their_names() {
    for format in Format::ALL {
        assert_eq!(format.name().parse::<Format>(), Ok(format));
        assert!(!format.explanation().is_empty());
    }
    let error = "imagenet".parse::<Format>().unwrap_err().to_string();
    assert!(error.starts_with("There is no format called \"imagenet\"; choose one of affectnet, "), "{error}");
    let words = ["train", "Validation", "TEST", "PublicTest", "2", "other"];
    let parts = [Some(Split::Train), Some(Split::Val), Some(Split::Test), Some(Split::Val), Some(Split::Test), None];
    assert_eq!(words.map(Split::from_word), parts);
}
