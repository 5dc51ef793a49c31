//! Audits made, stopped, gone on with, brought up to date, and refused.

use std::fs;

use facespace::audit::{Audit, AuditError, Budget, Options, Outcome, Score, Source, Step, Verdict, ranking};
use facespace::data::sets::Format;
use facespace::data::shards::Record;
use facespace::face::Expression;
use facespace::gallery::{Index, Original};

use super::desk::{
    BUDGET, Build, CARD, Desk, FACES, UNLABELLED, WRONG, assert_says, given, name, picture, record, records, row,
    shard, shown, source, write_set,
};
use crate::gallery::model;

#[test]
fn wrong_labels_stand_first() {
    let desk = Desk::audited();
    let audit = desk.audit();
    let info = audit.info().unwrap();
    assert_eq!(
        (info.faces, info.labelled, info.unlabelled, info.left_out),
        (FACES + UNLABELLED + 1, FACES, UNLABELLED, 1)
    );
    assert_eq!((info.budget, info.version, info.folds_by_person), (BUDGET, 1, true));
    assert_eq!((&info.model, info.trained_on.as_str(), info.format), (&model("plain"), CARD, Format::Shards));
    assert!(info.updated >= info.created && info.created > 1_600_000_000);
    let of = |class: Expression| (0..FACES).filter(|&number| given(number) == class).count();
    let classes = [Expression::Neutral, Expression::Happy, Expression::Sad].map(|class| (class, of(class)));
    assert_eq!((info.classes, info.verdicts.total()), (classes.to_vec(), 0));
    assert_eq!(info.scores, Score::ALL);
    assert_eq!(info.shortcuts[0].reads, "f_e");
    assert!(info.shortcuts[0].auc.value > 0.8, "{:?}", info.shortcuts);
    assert_eq!(audit.source(), Source { format: Some(Format::Shards), ..source(&Desk::set()) });

    let (rows, names) = audit.named_rows().unwrap();
    let wanted: Vec<String> = (0..FACES).map(name).collect();
    assert_eq!((rows.len(), names.iter().map(str::to_owned).collect::<Vec<_>>()), (FACES, wanted));
    for (number, row) in rows.iter().enumerate() {
        assert_eq!((row.given, row.predicted, row.verdict), (given(number), shown(number), None), "{number}");
        assert_eq!(audit.find(names.get(number)).unwrap(), Some(row.face));
        assert_eq!(row.quality(Score::Mood).is_nan(), number % 10 == 9, "{number}");
    }
    for score in [Score::SelfConfidence, Score::Margin, Score::Averaged, Score::Neighbours] {
        let mut worst: Vec<u32> = ranking(&rows, score)[..2].to_vec();
        worst.sort_unstable();
        assert_eq!(worst, WRONG.map(|(number, _)| number as u32), "{score}");
    }
    // Of the worst alone somebody has looked at the reconstruction.
    let read = rows.iter().filter(|row| !row.quality(Score::Reconstruction).is_nan()).count();
    assert_eq!(read, BUDGET);
    let cells = audit.confusion().unwrap();
    assert_eq!(cells[Expression::Sad.index()][Expression::Happy.index()], 1);
    assert_eq!(cells.as_flattened().iter().sum::<u32>(), FACES as u32);
    assert_eq!(audit.find("nobody.png").unwrap(), None);
}

#[test]
fn a_card_tells_everything_about_a_face() {
    let desk = Desk::audited();
    let mut audit = desk.audit();
    let wrong = row(&audit, 0);
    let card = audit.card(wrong.face).unwrap();
    assert_eq!((card.name.as_str(), card.person.as_deref()), ("Album/00.png", Some("person 0")));
    assert_eq!((card.given, card.predicted, card.verdict), (Expression::Sad, Expression::Happy, None));
    assert_eq!((card.valence, card.arousal), (Some(0.7), Some(0.3)));
    for chances in [card.probabilities, card.averaged, card.votes, card.reconstruction.unwrap()] {
        assert!((chances.iter().sum::<f32>() - 1.0).abs() < 1e-3, "{chances:?}");
        assert!(chances[Expression::Happy.index()] > chances[Expression::Sad.index()], "{chances:?}");
    }
    assert_eq!(card.neighbours.len(), 8);
    for pair in card.neighbours.windows(2) {
        assert!(pair[0].likeness >= pair[1].likeness);
    }
    for neighbour in &card.neighbours {
        // Face 1 is of the same person.
        assert!(neighbour.name != name(0) && neighbour.name != name(1), "{neighbour:?}");
        assert_eq!(audit.find(&neighbour.name).unwrap(), Some(neighbour.face));
    }
    assert_eq!(card.neighbours[0].given, Expression::Happy);
    let [(first, as_given), (second, as_predicted)] = card.counterfactual;
    assert_eq!((first, second), (Expression::Sad, Expression::Happy));
    for face in [as_given, as_predicted] {
        assert_eq!((face.pose, face.identity, face.style), (card.code.pose, card.code.identity, card.code.style));
    }
    assert!(as_given.expression.angle_deg(&as_predicted.expression) > 45.0);
    assert!(as_predicted.expression.angle_deg(&card.code.expression) < 45.0);

    let picture = audit.index().picture(wrong.face).unwrap();
    assert!(matches!(picture, Original::Bytes { square: None, .. }), "{picture:?}");
    assert!(audit.index().thumbnail(wrong.face).unwrap().is_some());

    let right = row(&audit, 12);
    assert_eq!(audit.card(right.face).unwrap().reconstruction, None);
    // Somebody draws it as another expression.
    let f = desk_code(&audit, 30);
    let (chances, qualities) = audit.read_reconstruction(right.face, &f).unwrap();
    assert!(chances[Expression::Sad.index()] > 0.5, "{chances:?}");
    assert!(qualities[Score::Reconstruction as usize] < 0.5);
    assert_eq!(audit.card(right.face).unwrap().reconstruction, Some(chances));
    assert_eq!(row(&desk.audit(), 12).quality(Score::Reconstruction), qualities[Score::Reconstruction as usize]);

    let bare = audit.index().keys().unwrap()[FACES];
    for face in [bare, 9999] {
        assert!(matches!(audit.card(face), Err(AuditError::NoFace)));
        assert!(matches!(audit.name(face), Err(AuditError::NoFace)));
    }
}

/// The code of the face of this number.
fn desk_code(audit: &Audit, number: usize) -> [f32; 99] {
    let face = audit.find(&name(number)).unwrap().unwrap();
    audit.index().card(face).unwrap().unwrap().code.to_array()
}

#[test]
fn an_audit_that_is_stopped_goes_on_where_it_was() {
    let desk = Desk::empty();
    write_set(&desk.path("set"), records());
    let folder = desk.folder();
    let mut build = Build::new(&desk.path("set"), &folder);
    for (stop, encoded) in [(Step::Reading, FACES + UNLABELLED + 1), (Step::Neighbours, 0)] {
        build.stop = Some(stop);
        let (outcome, work) = build.run();
        let Outcome { info, cancelled, prepared, .. } = outcome.unwrap();
        assert!(cancelled && info.is_none() && prepared.is_none());
        assert_eq!((work.encoded, work.steps.last().unwrap().step), (encoded, stop));
        assert!(Audit::is_audit(&folder));
        assert_says(&Audit::open(&folder).unwrap_err(), "stopped before its scores were there", &folder);
    }
    // What is written by somebody else has to wait.
    let lock = fs::File::options().write(true).open(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    assert_says(&build.refused(), "Another process is writing this audit", &folder);
}

#[test]
fn verdicts_and_reconstructions_stay_when_scores_are_made_anew() {
    let desk = Desk::audited();
    let folder = desk.folder();
    let mut audit = desk.audit();
    let (first, second) = (row(&audit, 0).face, row(&audit, 30).face);
    audit.judge(first, Verdict::Relabel(Expression::Happy), "Anna").unwrap();
    audit.judge(second, Verdict::Ambiguous, "Anna").unwrap();
    drop(audit);
    let mut build = desk.again(&folder);
    build.options.budget = Budget::Share(0.15);
    let (outcome, work) = build.run();
    let outcome = outcome.unwrap();
    assert!(!outcome.cancelled && outcome.failed.is_empty());
    assert!(outcome.remarks.iter().any(|remark| remark.contains("1 face with the name")), "{:?}", outcome.remarks);
    let info = outcome.info.unwrap();
    assert_eq!((info.budget, info.verdicts.relabel, info.verdicts.ambiguous), (9, 1, 1));
    // Codes are as they were, and the six that were drawn before are not drawn again.
    assert_eq!((work.encoded, work.drawn), (9 - BUDGET, 9 - BUDGET));
    let audit = desk.audit();
    assert_eq!(row(&audit, 0).verdict, Some(Verdict::Relabel(Expression::Happy)));
    assert_eq!(audit.rows().unwrap().iter().filter(|row| !row.quality(Score::Reconstruction).is_nan()).count(), 9);
}

#[test]
fn other_weights_are_refused_unless_asked_for_and_verdicts_stay() {
    let desk = Desk::audited();
    let folder = desk.folder();
    let face = row(&desk.audit(), 0).face;
    desk.audit().judge(face, Verdict::Keep, "Anna").unwrap();
    let mut build = Build { model: model("other"), ..desk.again(&folder) };
    assert_says(&build.refused(), "made with the weights plain", &folder);
    assert_says(&desk.audit().require(&model("other")).unwrap_err(), "made with the weights plain", &folder);
    desk.audit().require(&model("plain")).unwrap();
    assert_eq!(row(&desk.audit(), 0).verdict, Some(Verdict::Keep));

    build.options.rebuild = true;
    build.stop = Some(Step::Reading);
    let (outcome, work) = build.run();
    assert!(outcome.unwrap().cancelled);
    assert_eq!(work.encoded, FACES + UNLABELLED + 1);
    assert_says(&Audit::open(&folder).unwrap_err(), "stopped before its scores were there", &folder);
    // Begun with these weights, it needs no leave any more.
    (build.options.rebuild, build.stop) = (false, None);
    let (outcome, work) = build.run();
    assert_eq!(outcome.unwrap().info.unwrap().model, model("other"));
    assert_eq!((work.encoded, work.drawn), (BUDGET, BUDGET));
    assert_eq!(row(&desk.audit(), 0).verdict, Some(Verdict::Keep));
}

#[test]
fn what_cannot_be_audited_is_refused_in_a_sentence() {
    let desk = Desk::empty();
    let (set, folder) = (desk.path("set"), desk.folder());
    let build = Build::new(&set, &folder);
    assert_says(&build.refused(), "There is no such file or folder", &set);

    write_set(&set, records());
    let inside = set.join("audit");
    assert_says(&Build::new(&set, &inside).refused(), "would lie in the set itself", &inside);
    assert!(!inside.exists());

    let full = desk.path("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("letter.txt"), b"Dear").unwrap();
    assert_says(&Build::new(&set, &full).refused(), "holds other things", &full);
    assert_eq!(fs::read_dir(&full).unwrap().count(), 1);

    let audited = Desk::audited();
    let other = audited.folder();
    assert_says(&Build::new(&set, &other).refused(), "an audit of another set", &other);
    assert_eq!(audited.audit().info().unwrap().labelled, FACES);
}

#[test]
fn labels_that_cannot_be_judged_are_named() {
    let audited = |name: &str, records: Vec<Record>| {
        let desk = Desk::empty();
        write_set(&desk.path(name), records);
        let error = Build::new(&desk.path(name), &desk.folder()).refused();
        (error, desk)
    };
    let bare = (0..5).map(|number| Record { expression: None, ..record(number) });
    let (error, desk) = audited("bare", bare.collect());
    assert_says(&error, "Not one of the 5 faces has an expression", &desk.path("bare"));
    let (error, _) = audited("happy", (1..24).map(record).collect());
    assert!(error.to_string().starts_with("All faces are labelled happy"), "{error}");
    let (error, _) = audited("few", (20..28).map(record).collect());
    assert!(error.to_string().contains("too few"), "{error}");
}

#[test]
fn a_set_of_pictures_is_prepared_first() {
    let desk = Desk::empty();
    for number in 0..FACES {
        let folder = desk.path(&format!("set/{}", given(number)));
        fs::create_dir_all(&folder).unwrap();
        picture(shown(number), number, 168).save(folder.join(format!("{number:02}.png"))).unwrap();
    }
    fs::write(desk.path("set/happy/torn.png"), b"torn").unwrap();
    let folder = desk.folder();
    let mut build = Build::new(&desk.path("set"), &folder);
    build.source.format = Some(Format::Folders);
    build.stop = Some(Step::Reading);
    let (outcome, work) = build.run();
    let prepared = outcome.unwrap().prepared.unwrap();
    assert_eq!((prepared.written.total(), prepared.left_out_count()), (FACES as u64, 1));
    assert_eq!((work.encoded, work.steps.first().unwrap().step), (FACES, Step::Preparing));
    let index = Index::open(&folder.join("index")).unwrap();
    let mut names = Vec::new();
    index.each_labels(|_, _, name, labels| names.push((name.to_owned(), labels.expression.unwrap()))).unwrap();
    names.sort();
    let mut wanted: Vec<_> =
        (0..FACES).map(|number| (format!("{}/{number:02}.png", given(number)), given(number))).collect();
    wanted.sort();
    assert_eq!(names, wanted);
    // Done once, it is not done again.
    let (outcome, work) = build.run();
    assert_eq!((outcome.unwrap().prepared.unwrap().written.total(), work.encoded), (FACES as u64, 0));
    // What was made of a set that has changed since is made anew. One face has another name.
    fs::rename(desk.path("set/happy/01.png"), desk.path("set/happy/99.png")).unwrap();
    // Stopped before that is done, the old crops stay.
    build.stop = Some(Step::Preparing);
    let before = fs::read(folder.join("crops/prepare.json")).unwrap();
    let outcome = build.run().0.unwrap();
    assert!(outcome.cancelled && outcome.remarks.is_empty(), "{outcome:?}");
    assert_eq!(fs::read(folder.join("crops/prepare.json")).unwrap(), before);
    build.stop = Some(Step::Reading);
    let renewed = |says: &str| {
        let (outcome, work) = build.run();
        let outcome = outcome.unwrap();
        assert!(outcome.remarks.iter().any(|remark| remark.contains(says)), "{:?}", outcome.remarks);
        assert_eq!((outcome.prepared.unwrap().written.total(), work.encoded), (FACES as u64, 1));
        assert!(!folder.join("crops-new").exists() && !folder.join("crops-old").exists());
    };
    renewed("The set has changed since its faces were cut out, so that they were cut out anew");
    // Another picture under the same name.
    picture(Expression::Sad, 2, 168).save(desk.path("set/happy/02.png")).unwrap();
    renewed("Pictures of the set were replaced under their names");
    let (outcome, work) = build.run();
    assert_eq!((outcome.unwrap().remarks, work.encoded), (Vec::new(), 0));
    // Killed between two steps of the exchange.
    fs::rename(folder.join("crops"), folder.join("crops-new")).unwrap();
    let (outcome, work) = build.run();
    assert_eq!((outcome.unwrap().prepared.unwrap().resumed, work.encoded), (FACES as u64 + 1, 0));
}

#[test]
fn what_a_changed_set_holds_is_seen() {
    let desk = Desk::empty();
    let set = desk.path("set");
    write_set(&set, records());
    let folder = desk.folder();
    let mut build = Build::new(&set, &folder);
    build.stop = Some(Step::Reading);
    build.run().0.unwrap();
    // By its content a shard is known under another name.
    let first = shard(&set);
    fs::rename(&first, set.join("album-val-00000.parquet")).unwrap();
    let (outcome, work) = build.run();
    assert_eq!(outcome.unwrap().failed, []);
    assert_eq!(work.encoded, 0);
    let index = Index::open(&folder.join("index")).unwrap();
    assert_eq!((index.faces().unwrap(), index.info().unwrap().sources.len()), (FACES + UNLABELLED + 1, 1));
}

#[test]
fn a_budget_is_a_number_or_a_share() {
    for (text, faces, of_200) in
        [("5%", None, 10), ("0.4 %", None, 1), ("100%", None, 200), ("7", Some(7), 7), ("900", Some(900), 200)]
    {
        let budget: Budget = text.parse().unwrap();
        assert_eq!(budget.of(200), of_200, "{text}");
        if let Some(faces) = faces {
            assert_eq!(budget, Budget::Faces(faces));
        }
    }
    assert_eq!(Options::default().budget.of(200), 10);
    for bad in ["", "0", "-3", "0%", "101%", "many", "NaN%", "5 % of all"] {
        crate::cli::assert_sentence(&bad.parse::<Budget>().unwrap_err().to_string());
    }
}
