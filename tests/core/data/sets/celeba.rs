//! CelebA as its authors give it, as CSV, with photographs, and with lists that do not fit.

use std::fs;
use std::path::Path;

use facespace::data::sets::{Columns, Format, Marks, Picture, Split, open};

use super::{file, keys, opened, picture, read, refusal, told};

const COLUMNS: &str = "lefteye_x lefteye_y righteye_x righteye_y nose_x nose_y leftmouth_x leftmouth_y rightmouth_x \
                       rightmouth_y";
const POINTS: &str = "69  109  106  113   77  142   73  152  108  154";
const ALIGNED: &str = "Img/img_align_celeba";

fn landmarks(rows: &[&str]) -> String {
    let rows: Vec<String> = rows.iter().map(|name| format!("{name} {POINTS}\n")).collect();
    format!("{}\n{COLUMNS}\n{}", rows.len(), rows.concat())
}

/// Four pictures of three people: two to train on, one of each other part.
fn official(root: &Path) {
    let names = ["000001.jpg", "000002.jpg", "000003.jpg", "000004.jpg"];
    for name in names {
        picture(root, &format!("{ALIGNED}/{name}"));
    }
    file(root, "Anno/list_landmarks_align_celeba.txt", landmarks(&names).as_bytes());
    let people = b"000001.jpg 2880\n000002.jpg 2937\n000003.jpg 2880\n000004.jpg 10\n";
    file(root, "Anno/identity_CelebA.txt", people);
    file(root, "Anno/list_attr_celeba.txt", b"4\nSmiling Young \n000001.jpg  1  1\n");
    file(root, "Eval/list_eval_partition.txt", b"000001.jpg 0\n000002.jpg 0\n000003.jpg 1\n000004.jpg 2\n");
}

#[test]
fn pictures_points_people_and_parts_are_joined() {
    let folder = tempfile::tempdir().unwrap();
    official(folder.path());
    let set = open(folder.path(), None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((set.format(), set.name(), set.has_expressions()), (Format::Celeba, "celeba", false));
    assert_eq!(set.splits(), Split::ALL);
    assert_eq!(Split::ALL.map(|split| set.count(split)), [2, 1, 1]);

    let (entries, skipped) = read(&*set, Split::Train);
    assert!(skipped.is_empty(), "{skipped:?}");
    assert_eq!(keys(&entries), ["Img/img_align_celeba/000001.jpg", "Img/img_align_celeba/000002.jpg"]);
    let first = &entries[0];
    assert_eq!(first.person.as_deref(), Some("2880"));
    assert_eq!((first.expression, &first.clip), (None, &None));
    let points = [[69.0, 109.0], [106.0, 113.0], [77.0, 142.0], [73.0, 152.0], [108.0, 154.0]];
    assert_eq!(first.marks, Marks::Points5(points));
    assert_eq!(first.picture, Picture::File(folder.path().join(ALIGNED).join("000001.jpg")));

    let (test, _) = read(&*set, Split::Test);
    assert_eq!((keys(&test), test[0].person.as_deref()), (vec!["Img/img_align_celeba/000004.jpg"], Some("10")));
}

#[test]
fn tables_with_commas_and_a_folder_in_a_folder_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    picture(root, "img_align_celeba/img_align_celeba/000001.jpg");
    picture(root, "img_align_celeba/img_align_celeba/000002.jpg");
    let header = COLUMNS.replace(' ', ",");
    let table =
        format!("image_id,{header}\r\n\"000001.jpg\",1,2,30,4,5,6,7,8,9,10\r\n'000002.jpg',1,2,30,4,5,6,7,8,9,10\r\n");
    file(root, "list_landmarks_align_celeba.csv", table.as_bytes());
    file(root, "list_eval_partition.csv", b"image_id,partition\n000001.jpg,0\n000002.jpg,2\n");
    let set = open(root, None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(set.splits(), [Split::Train, Split::Test]);
    let (entries, skipped) = read(&*set, Split::Train);
    assert!(skipped.is_empty(), "{skipped:?}");
    assert_eq!(keys(&entries), ["img_align_celeba/img_align_celeba/000001.jpg"]);
    assert_eq!(entries[0].person, None);
    assert_eq!(entries[0].marks, Marks::Points5([[1.0, 2.0], [30.0, 4.0], [5.0, 6.0], [7.0, 8.0], [9.0, 10.0]]));
}

#[test]
fn photographs_and_pngs_have_their_own_lists_and_names() {
    let folder = tempfile::tempdir().unwrap();
    picture(folder.path(), "img_celeba/000001.jpg");
    file(folder.path(), "list_landmarks_celeba.txt", landmarks(&["000001.jpg"]).as_bytes());
    // Those of the aligned pictures are not taken for those of the photographs.
    file(folder.path(), "list_landmarks_align_celeba.txt", b"1\n");
    let (entries, _) = read(&*opened(folder.path(), Format::Celeba), Split::Train);
    assert_eq!(keys(&entries), ["img_celeba/000001.jpg"]);

    let folder = tempfile::tempdir().unwrap();
    picture(folder.path(), "img_align_celeba_png/000001.png");
    file(folder.path(), "list_landmarks_align_celeba.txt", landmarks(&["000001.jpg"]).as_bytes());
    let (entries, skipped) = read(&*opened(folder.path(), Format::Celeba), Split::Train);
    assert_eq!((keys(&entries), told(&skipped)), (vec!["img_align_celeba_png/000001.png"], vec![]));
}

#[test]
fn lists_in_another_order_and_with_gaps_stay_joined() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    official(root);
    // No row for the second picture, the others the other way round.
    file(root, "Anno/identity_CelebA.txt", b"000004.jpg 10\n000003.jpg 2880\n000001.jpg 7\n000009.jpg 3\n");
    file(
        root,
        "Anno/list_landmarks_align_celeba.txt",
        landmarks(&["000002.jpg", "000004.jpg", "000001.jpg"]).as_bytes(),
    );
    let set = opened(root, Format::Celeba);
    let (entries, skipped) = read(&*set, Split::Train);
    let people: Vec<_> = entries.iter().map(|entry| entry.person.as_deref()).collect();
    assert_eq!(keys(&entries), ["Img/img_align_celeba/000002.jpg", "Img/img_align_celeba/000001.jpg"]);
    assert_eq!(people, [None, Some("7")]);
    assert_eq!(told(&skipped), [("Img/img_align_celeba/000003.jpg", "the picture has no row".to_owned())]);
    assert_eq!(read(&*set, Split::Test).0[0].person.as_deref(), Some("10"));
}

#[test]
fn what_does_not_fit_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    official(root);
    for name in ["000005.jpg", "000006.jpg", "000007.jpg", "000008.jpg"] {
        picture(root, &format!("{ALIGNED}/{name}"));
    }
    let rows = landmarks(&["000001.jpg", "000001.jpg", "000099.jpg", "000005.jpg", "000006.jpg"]);
    let damaged = "000002.jpg 69 109 106\n000003.jpg a b c d e f g h i j\nnonsense\n000007.jpg 5 5 5 5 5 5 5 5 5 5\n";
    file(root, "Anno/list_landmarks_align_celeba.txt", format!("{rows}{damaged}").as_bytes());
    let people = b"000001.jpg 1\n000001.jpg 2\n000006.jpg somebody\n";
    file(root, "Anno/identity_CelebA.txt", people);
    let parts = b"000001.jpg 0\n000002.jpg 0\n000003.jpg 1\n000004.jpg 2\n000006.jpg 0\n000007.jpg 0\n000008.jpg 5\n";
    file(root, "Eval/list_eval_partition.txt", parts);

    let set = opened(root, Format::Celeba);
    let key = |name: &str| format!("Img/img_align_celeba/{name}");
    let expected = [
        ("000001.jpg", "the row has no clear person in identity_CelebA"),
        ("000001.jpg", "an earlier row names the same picture"),
        ("000099.jpg", "the picture of the row is missing"),
        ("000005.jpg", "the row has no part in list_eval_partition"),
        ("000006.jpg", "the row has no clear person in identity_CelebA"),
        ("000002.jpg", "the row has fewer than five points"),
        ("nonsense", "the row has no name of a picture"),
        ("000007.jpg", "the row has both eyes in one place"),
        ("000004.jpg", "the picture has no row"),
        ("000008.jpg", "the picture has no row"),
    ];
    let (entries, skipped) = read(&*set, Split::Train);
    let told_all: Vec<(String, String)> = skipped.iter().map(|(key, why)| (key.clone(), why.to_string())).collect();
    assert_eq!(told_all, expected.map(|(name, why)| (key(name), why.to_owned())));
    assert!(entries.is_empty());
    let (_, skipped) = read(&*set, Split::Val);
    assert_eq!(told(&skipped), [(&*key("000003.jpg"), "the row has a point that is no number".to_owned())]);
    assert!(read(&*set, Split::Test).1.is_empty());
}

#[test]
fn what_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    official(root);
    file(root, "Anno/list_landmarks_align_celeba.txt", b"4\nlefteye_x lefteye_y righteye_x\n000001.jpg 1 2 3\n");
    let error = refusal(root, None);
    assert!(error.starts_with("The table lacks the columns righteye_y, nose_x, nose_y, leftmouth_x,"), "{error}");
    assert!(error.contains("(it has lefteye_x, lefteye_y, righteye_x)"), "{error}");

    fs::remove_file(root.join("Anno/list_landmarks_align_celeba.txt")).unwrap();
    let (entries, _) = read(&*opened(root, Format::Celeba), Split::Train);
    assert_eq!((entries.len(), &entries[0].marks), (2, &Marks::None));

    fs::remove_file(root.join("Anno/identity_CelebA.txt")).unwrap();
    let error = refusal(root, Some(Format::Celeba));
    assert!(error.contains("it lacks both list_landmarks_align_celeba.txt and identity_CelebA.txt;"), "{error}");

    official(root);
    file(root, "Eval/list_eval_partition.txt", b"");
    let error = refusal(root, None);
    assert!(error.contains("it lacks the rows of list_eval_partition.txt;"), "{error}");

    fs::remove_dir_all(root.join("Img")).unwrap();
    let error = refusal(root, None);
    assert!(error.contains("it lacks the folder img_align_celeba with pictures;"), "{error}");
    assert!(error.ends_with(&root.display().to_string()), "{error}");
}
