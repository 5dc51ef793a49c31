//! Frames of VoxCeleb with and without a folder for their scale, with folders of parts and with the table of people.

use std::path::Path;

use facespace::data::sets::{Columns, Entry, Format, Split, open};

use super::{file, keys, opened, picture, read, refusal, told};

const META: &str = "VoxCeleb1 ID\tVGGFace1 ID\tGender\tNationality\tSet\n\
                    id10001\tA.J._Buckley\tm\tIreland\tdev\n\
                    id10002\tEartha_Kitt_Jr.\tf\tUSA\ttest\n";

fn clips(entries: &[Entry]) -> Vec<(&str, &str)> {
    entries.iter().map(|entry| (entry.person.as_deref().unwrap(), entry.clip.as_deref().unwrap_or("-"))).collect()
}

#[test]
fn a_clip_is_a_video_of_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for path in ["1.6/y8hIVOBuEXA/0000001.jpg", "1.6/y8hIVOBuEXA/0000025.jpg", "1.6/zEhNLYsNaZM/0000001.jpg"] {
        picture(root, &format!("unzippedFaces/A.J._Buckley/{path}"));
    }
    picture(root, "unzippedFaces/Bo_Li/1.6/0000001.jpg");
    let set = open(root, None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((set.format(), set.name(), set.has_expressions()), (Format::Voxceleb, "voxceleb", false));
    assert_eq!((set.splits(), set.count(Split::Train)), (vec![Split::Train], 4));
    let (entries, skipped) = read(&*set, Split::Train);
    assert!(skipped.is_empty(), "{skipped:?}");
    assert_eq!(entries[0].key, "unzippedFaces/A.J._Buckley/1.6/y8hIVOBuEXA/0000001.jpg");
    let person = "A.J._Buckley";
    let expected = [(person, "y8hIVOBuEXA"), (person, "y8hIVOBuEXA"), (person, "zEhNLYsNaZM"), ("Bo_Li", "-")];
    assert_eq!(clips(&entries), expected);
}

#[test]
fn folders_of_parts_are_parts_and_utterances_one_clip() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for path in ["dev/id00012/vid/00001/1.jpg", "dev/id00012/vid/00002/1.jpg", "test/mp4/id00017/other/1.png"] {
        picture(root, path);
    }
    picture(root, "dev/loose.jpg");
    let set = open(root, None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((set.format(), set.splits()), (Format::Voxceleb, vec![Split::Train, Split::Test]));
    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!(clips(&train), [("id00012", "vid"), ("id00012", "vid")]);
    assert_eq!(told(&skipped), [("dev/loose.jpg", "the picture has no row".to_owned())]);
    let (test, skipped) = read(&*set, Split::Test);
    assert_eq!((keys(&test), clips(&test)), (vec!["test/mp4/id00017/other/1.png"], vec![("id00017", "other")]));
    assert!(skipped.is_empty(), "{skipped:?}");
}

fn with_table(root: &Path) {
    picture(root, "A.J._Buckley/vid/1.jpg");
    picture(root, "Eartha_Kitt_Jr/vid/1.jpg");
    picture(root, "Nobody_Known/vid/1.jpg");
    file(root, "vox1_meta.csv", META.as_bytes());
}

#[test]
fn the_table_says_who_is_only_measured_on() {
    let folder = tempfile::tempdir().unwrap();
    with_table(folder.path());
    let set = open(folder.path(), None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((set.format(), set.splits()), (Format::Voxceleb, vec![Split::Train, Split::Test]));
    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!(keys(&train), ["A.J._Buckley/vid/1.jpg"]);
    assert_eq!(told(&skipped), [("Nobody_Known/vid/1.jpg", "the picture has no row".to_owned())]);
    let (test, skipped) = read(&*set, Split::Test);
    assert_eq!(keys(&test), ["Eartha_Kitt_Jr/vid/1.jpg"]);
    assert!(skipped.is_empty(), "{skipped:?}");

    // The second release has commas, blanks and other names.
    file(folder.path(), "vox1_meta.csv", b"VoxCeleb2 ID ,VGGFace2 ID ,Gender ,Set \nid1 ,Nobody_Known ,f ,test \n");
    let (test, _) = read(&*opened(folder.path(), Format::Voxceleb), Split::Test);
    assert_eq!(keys(&test), ["Nobody_Known/vid/1.jpg"]);
}

#[test]
fn what_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    with_table(root);
    file(root, "vox1_meta.csv", b"VoxCeleb1 ID\tGender\nid10001\tm\n");
    let error = refusal(root, None);
    assert!(error.starts_with("The table lacks the column Set (it has VoxCeleb1 ID, Gender)"), "{error}");
    file(root, "vox1_meta.csv", b"VoxCeleb1 ID\tSet\nid10001\tdev\n");
    let error = refusal(root, None);
    assert!(error.contains("it lacks the rows of its people in vox1_meta.csv;"), "{error}");

    let empty = tempfile::tempdir().unwrap();
    file(empty.path(), "id10001/vid/1.mp4", b"");
    let error = refusal(empty.path(), Some(Format::Voxceleb));
    assert!(error.contains("it lacks the frames as person/video/frame.jpg;"), "{error}");
}
