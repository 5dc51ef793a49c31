//! Remarks as people and programs read them.

use facespace::face::Remark;

const ALL: [Remark; 6] = [
    Remark::Small { pixels: 41.6 },
    Remark::Blurred,
    Remark::Turned { yaw_deg: -52.0 },
    Remark::Tilted { pitch_deg: 33.0 },
    Remark::CutOff { share: 0.25 },
    Remark::Unlike { rmse: 41.0, usual: 28.0 },
];

#[test]
fn a_remark_is_one_sentence_that_says_what_to_do() {
    for remark in ALL {
        let text = remark.to_string();
        assert!(text.starts_with(char::is_uppercase) && !text.ends_with('.'), "{text}");
        assert!(text.contains("use a ") || text.contains("refine"), "{text}");
    }
    assert!(ALL[0].to_string().contains("42 pixels"));
    assert!(ALL[2].to_string().contains("52 degrees") && ALL[2].to_string().contains("left"));
    assert!(Remark::Turned { yaw_deg: 52.0 }.to_string().contains("right"));
    assert!(ALL[3].to_string().contains("33 degrees up"));
    assert!(Remark::Tilted { pitch_deg: -33.0 }.to_string().contains("down"));
    assert!(ALL[4].to_string().contains("25 %"));
}

#[test]
fn programs_read_its_kind_and_number() {
    let kinds = ALL.map(|remark| serde_json::to_value(remark).unwrap()["kind"].clone());
    assert_eq!(kinds, ["small", "blurred", "turned", "tilted", "cut-off", "unlike"]);
    assert_eq!(serde_json::to_string(&ALL[4]).unwrap(), r#"{"kind":"cut-off","share":0.25}"#);
    assert_eq!(serde_json::to_string(&ALL[1]).unwrap(), r#"{"kind":"blurred"}"#);
}
