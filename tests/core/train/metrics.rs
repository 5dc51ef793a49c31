//! The numbers of a training.

use std::collections::BTreeMap;
use std::fs;

use facespace::train::metrics::{HeldOut, Line, Metrics, read};
use facespace::train::observer::Stage;

fn losses(step: u64) -> Line {
    let losses = BTreeMap::from([("reconstruction".to_owned(), 21.25), ("latent".to_owned(), 0.5)]);
    Line::Losses { step, stage: Stage::Autoencoder, losses }
}

fn held_out(step: u64) -> Line {
    let held_out =
        HeldOut { rmse: 30.0, rmse_train: 28.0, rmse_mean_face: 60.0, rmse_pca_99: 25.0, sharpness: 0.5, n: 200 };
    Line::HeldOut { step, stage: Stage::Cycle, held_out }
}

fn all() -> Vec<Line> {
    let table = serde_json::json!({"disentanglement": {"yaw": {"own": 0.9, "rest": 0.2}}});
    vec![
        losses(10),
        held_out(20),
        Line::Table { step: 20, stage: Stage::Joint, table },
        Line::Event { step: 25, event: "resumed".to_owned(), text: "From step 20".to_owned() },
        losses(30),
    ]
}

#[test]
fn lines_come_back_as_they_were() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("metrics.jsonl");
    assert!(read(&path).unwrap().is_empty());
    let mut metrics = Metrics::open(&path).unwrap();
    for line in all() {
        metrics.append(&line).unwrap();
    }
    metrics.sync().unwrap();
    assert_eq!(read(&path).unwrap(), all());
    let text = fs::read_to_string(&path).unwrap();
    let first = r#"{"step":10,"stage":"autoencoder","losses":{"latent":0.5,"reconstruction":21.25}}"#;
    assert_eq!(text.lines().next(), Some(first));

    let nan = Line::Losses { step: 40, stage: Stage::Joint, losses: BTreeMap::from([("a".to_owned(), f64::NAN)]) };
    metrics.append(&nan).unwrap();
    let Some(Line::Losses { losses, .. }) = read(&path).unwrap().pop() else { panic!("no losses") };
    assert!(losses["a"].is_nan());
}

#[test]
fn a_file_cut_at_any_byte_is_read_and_gone_on_with() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("metrics.jsonl");
    let mut metrics = Metrics::open(&path).unwrap();
    all().iter().for_each(|line| metrics.append(line).unwrap());
    let whole = fs::read(&path).unwrap();
    for cut in 0..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let lines = whole[..cut].iter().filter(|&&byte| byte == b'\n').count();
        assert_eq!(read(&path).unwrap(), all()[..lines], "cut at {cut}");
        let mut metrics = Metrics::open(&path).unwrap();
        metrics.append(&losses(99)).unwrap();
        let found = read(&path).unwrap();
        assert_eq!((found.len(), found.last()), (lines + 1, Some(&losses(99))), "cut at {cut}");
    }
}

#[test]
fn what_came_after_a_checkpoint_is_removed() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("metrics.jsonl");
    let mut metrics = Metrics::open(&path).unwrap();
    all().iter().for_each(|line| metrics.append(line).unwrap());
    metrics.truncate_after(20).unwrap();
    assert_eq!(read(&path).unwrap(), all()[..3]);
    metrics.append(&losses(21)).unwrap();
    assert_eq!(read(&path).unwrap().last(), Some(&losses(21)));
    metrics.truncate_after(0).unwrap();
    assert!(read(&path).unwrap().is_empty());
    assert_eq!(super::names(home.path()), ["metrics.jsonl"]);
}

#[test]
fn lines_of_another_program_are_passed_over() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("metrics.jsonl");
    fs::write(&path, "{\"step\":1,\"wibble\":2}\nnothing\n\n{\"step\":2,\"event\":\"e\",\"text\":\"t\"}\n").unwrap();
    assert_eq!(read(&path).unwrap().len(), 1);
}

/// Names the file to the second process.
#[cfg(unix)]
const TARGET: &str = "FACESPACE_TEST_METRICS";

/// A limit on the size of files plays the disk that is full in the middle of a line; it belongs to a second process.
#[cfg(unix)]
#[test]
fn a_line_that_the_disk_has_no_room_for_leaves_no_half() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("metrics.jsonl");
    let limited = "trap '' XFSZ; ulimit -f 8; exec \"$0\" --exact train::metrics::beyond_the_limit --nocapture";
    let child = std::process::Command::new("sh")
        .args(["-c", limited])
        .arg(std::env::current_exe().unwrap())
        .env(TARGET, &path)
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
    // What the second process wrote last, once there was room again.
    assert_eq!(read(&path).unwrap(), [losses(1), losses(7)]);
}

#[cfg(unix)]
#[test]
fn beyond_the_limit() {
    let Some(path) = std::env::var_os(TARGET).map(std::path::PathBuf::from) else { return };
    let mut metrics = Metrics::open(&path).unwrap();
    let refused = (1..1000).find(|&step| metrics.append(&losses(step)).is_err()).unwrap();
    for later in refused + 1..refused + 4 {
        assert!(metrics.append(&losses(later)).is_err());
    }
    assert!(metrics.flush().is_err());
    assert!(fs::read(&path).unwrap().ends_with(b"\n"));
    assert_eq!(read(&path).unwrap(), (1..refused).map(losses).collect::<Vec<_>>());
    metrics.truncate_after(1).unwrap();
    metrics.append(&losses(7)).unwrap();
}
