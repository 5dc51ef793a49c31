//! What holds for every command: exit codes, one sentence per failure, options before and after, no input overwritten.

use std::process::Stdio;

use super::{Desk, Run, assert_sentence, rows};

#[test]
fn what_cannot_be_read_is_named_and_the_others_are_done() {
    let desk = Desk::with_faces();
    desk.put("bad.png", "Dear reader");
    desk.put("torn.png", &desk.bytes("c.png")[..9000]);
    let failures = [("not a picture", "bad.png"), ("no such file", "gone.png"), ("cut off", "torn.png")];
    let inputs = "bad.png a.png gone.png b.png torn.png";

    let run = desk.run(&format!("encode {inputs}")).failed(1, &failures);
    assert_eq!(rows(&run.stdout).iter().map(|row| row.file.as_str()).collect::<Vec<_>>(), ["a.png", "b.png"]);

    desk.run(&format!("reconstruct {inputs} -o made")).failed(1, &failures);
    assert_eq!(desk.files_in("made"), ["made/a.png", "made/b.png"]);

    desk.run(&format!("edit {inputs} --yaw 5 -o edited --json r.json")).failed(1, &failures);
    assert_eq!(desk.files_in("edited"), ["edited/a.png", "edited/b.png"]);
    let report = desk.json("r.json");
    assert_eq!(report["results"].as_array().unwrap().len(), 2);
    let failed: Vec<_> = report["failures"].as_array().unwrap().iter().map(|failure| failure["file"].clone()).collect();
    assert_eq!(failed, ["bad.png", "gone.png", "torn.png"]);
    assert_sentence(report["failures"][0]["error"].as_str().unwrap());
    assert!(report["error"].is_null());
}

#[test]
fn global_options_stand_before_or_after_the_subcommand() {
    let desk = Desk::with_faces();
    let outcome = |arguments: &str| desk.run_with(&[], arguments).ok().stdout;
    let after = outcome("encode a.png --device cpu --quiet --json after.json");
    let before = outcome("--device cpu --quiet --json before.json encode a.png");
    let around = outcome("--quiet encode --device cpu a.png --json around.json");
    assert_eq!(before, after);
    assert_eq!(around, after);
    assert_eq!(desk.bytes("before.json"), desk.bytes("after.json"));
    assert_eq!(desk.bytes("around.json"), desk.bytes("after.json"));
    let weights = concat!(env!("CARGO_MANIFEST_DIR"), "/weights/light.safetensors");
    assert_eq!(outcome(&format!("--weights {weights} encode a.png --device cpu")), after);
    assert_eq!(outcome(&format!("encode a.png --device cpu --weights {weights}")), after);
    let shown = outcome("weights show");
    assert_eq!(outcome(&format!("weights show --weights {weights}")), shown);
    assert_eq!(outcome(&format!("--weights {weights} weights --quiet show")), shown);
}

#[test]
fn the_report_says_what_computed_and_with_what() {
    let desk = Desk::with_faces();
    desk.run("encode a.png -o rows.csv --json r.json").ok();
    let report = desk.json("r.json");
    assert_eq!(report["facespace"], env!("CARGO_PKG_VERSION"));
    assert!(report["device"].as_str().unwrap().starts_with("CPU"));
    assert!(!report["weights"].as_str().unwrap().is_empty());
    assert_eq!(report["results"][0]["file"], "a.png");
    assert!(report["results"][0]["identity.31"].is_number());
    assert_eq!((&report["failures"], &report["error"]), (&serde_json::json!([]), &serde_json::Value::Null));
}

#[test]
fn a_report_on_stdout_stands_there_alone() {
    let desk = Desk::with_faces();
    for arguments in ["encode a.png", "edit a.png --yaw 5 -o out.png", "devices --quiet", "weights show"] {
        let run = desk.run(&format!("{arguments} --json -")).ok();
        let report: serde_json::Value =
            serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{arguments}: {e}"));
        assert!(!report["results"].is_null(), "{arguments}");
    }
    let report: serde_json::Value = serde_json::from_str(&desk.run("encode no.png a.png --json -").stdout).unwrap();
    assert_eq!(report["failures"][0]["file"], "no.png");
}

#[test]
fn a_report_is_written_for_a_command_that_stopped() {
    let desk = Desk::with_faces();
    desk.run("transfer --source no.png --target a.png --parts pose -o out.png --json r.json")
        .failed(1, &[("no such file", "no.png")]);
    let report = desk.json("r.json");
    assert!(report["error"].as_str().unwrap().ends_with(": no.png"));
    assert!(report["results"].is_null());
}

#[test]
fn quiet_silences_remarks_and_no_failure() {
    let desk = Desk::with_faces();
    desk.run("devices --quiet").ok();
    desk.run("encode --quiet no.png a.png").failed(1, &[("no such file", "no.png")]);
}

#[test]
fn equal_stems_get_a_suffix() {
    let desk = Desk::with_faces();
    desk.put("x/face.png", desk.bytes("a.png"));
    desk.put("y/face.png", desk.bytes("b.png"));
    desk.put("z/face-2.png", desk.bytes("c.png"));
    desk.run("reconstruct x y z -o out").ok();
    assert_eq!(desk.files_in("out"), ["out/face-2.png", "out/face-3.png", "out/face.png"]);
    for (input, output) in [("a.png", "out/face.png"), ("b.png", "out/face-3.png"), ("c.png", "out/face-2.png")] {
        desk.run(&format!("reconstruct {input} -o alone.png")).ok();
        super::assert_same(&desk.picture("alone.png"), &desk.picture(output));
    }
}

#[test]
fn an_output_that_is_an_input_is_refused() {
    let desk = Desk::with_faces();
    desk.put("in/sample-0002.png", desk.bytes("b.png"));
    desk.put("in/one.png", desk.bytes("a.png"));
    desk.put("e.json", "no edit");
    desk.put("w.safetensors", "no weights");
    let names = desk.files();
    let before: Vec<Vec<u8>> = names.iter().map(|name| desk.bytes(name)).collect();
    for (arguments, path) in [
        ("find a.png -o a.png", "a.png"),
        ("find a.png --draw .", "./a.png"),
        ("find in --json in/one.png", "in/one.png"),
        ("encode a.png -o a.png", "a.png"),
        ("encode in --format json -o in/one.png", "in/one.png"),
        ("encode a.png --json a.png", "a.png"),
        ("encode in --json in/one.png", "in/one.png"),
        ("edit a.png -o out.png --json a.png", "a.png"),
        ("edit a.png --edit e.json -o out.png --json e.json", "e.json"),
        ("weights show w.safetensors --json w.safetensors", "w.safetensors"),
        ("encode a.png --weights w.safetensors --json w.safetensors", "w.safetensors"),
        ("reconstruct a.png -o ./a.png", "./a.png"),
        ("reconstruct a.png b.png -o .", "./a.png"),
        ("reconstruct in -o in", "in/one.png"),
        ("edit a.png --yaw 5 -o a.png", "a.png"),
        ("edit a.png --yaw 5 -o out.png --save-edit a.png", "a.png"),
        ("edit a.png --yaw 5 -o out.png --json a.png", "a.png"),
        ("transfer --source a.png --target b.png --parts pose -o a.png", "a.png"),
        ("transfer --source a.png --target b.png --parts pose -o in/../b.png", "in/../b.png"),
        ("transfer --source a.png --target b.png --parts pose -o out.png --json b.png", "b.png"),
        ("interpolate a.png b.png -o b.png", "b.png"),
        ("sample --keep pose --from a.png -o a.png", "a.png"),
        ("sample --keep pose --from in/sample-0002.png -o in", "in/sample-0002.png"),
        ("sample --keep pose --from a.png -o out.png --json a.png", "a.png"),
    ] {
        desk.run(arguments).failed(2, &[("overwrite", path)]);
        assert_eq!(desk.files(), names, "{arguments}");
        assert!(names.iter().zip(&before).all(|(name, bytes)| desk.bytes(name) == *bytes), "{arguments}");
    }
    // An animation, too, whatever the input really is.
    desk.put("c.gif", desk.bytes("c.png"));
    desk.run("interpolate c.gif a.png -o c.gif").failed(2, &[("overwrite", "c.gif")]);
}

#[test]
fn many_pictures_do_not_go_into_one_file() {
    let desk = Desk::with_faces();
    let before = desk.files();
    desk.run("edit a.png b.png --yaw 5 -o out.png").failed(2, &[("give a folder", "out.png")]);
    desk.run("reconstruct . -o out.png").failed(2, &[("give a folder", "out.png")]);
    desk.run("reconstruct a.png -o out.bmp").failed(2, &[("saved as .png, .jpg or .webp", "out.bmp")]);
    assert_eq!(desk.files(), before);
}

#[test]
fn a_place_that_cannot_be_written_to_is_named() {
    let desk = Desk::with_faces();
    desk.put("file", "in the way");
    desk.run("reconstruct a.png -o no/such/out.png").failed(1, &[("folder to write into", "no/such/out.png")]);
    desk.run("reconstruct a.png -o file").failed(1, &[("folder cannot be made", "file")]);
    desk.run("reconstruct a.png -o file/out.png").failed(1, &[("folder to write into", "file/out.png")]);
    desk.run("encode a.png -o no/rows.csv").failed(1, &[("folder to write into", "no/rows.csv")]);
    desk.run("encode a.png -o .").failed(1, &[("A folder has this name", ".")]);
    let run = desk.run("encode a.png --json no/r.json").failed(1, &[("folder to write into", "no/r.json")]);
    assert_eq!(rows(&run.stdout).len(), 1, "the work is done all the same");
    assert_eq!(desk.files(), ["a.png", "b.png", "c.png", "file"]);
}

#[test]
fn wrong_usage_ends_with_two_and_help_with_nought() {
    let desk = Desk::empty();
    #[cfg(not(feature = "gui"))]
    desk.run_with(&[], "").misread("Usage");
    for (arguments, says) in [
        ("beautify a.png", "unrecognized subcommand"),
        ("find", "PHOTO|FOLDER"),
        ("encode", "PHOTO|FOLDER"),
        ("encode a.png --format xml", "csv, json"),
        ("reconstruct a.png", "--output"),
        ("devices --device toaster", "auto, cpu, gpu or gpu:N"),
        ("devices --device gpu:x", "auto, cpu, gpu or gpu:N"),
        ("weights", "Usage"),
    ] {
        desk.run_with(&[], arguments).misread(says);
    }
    for arguments in ["--help", "--version", "edit --help", "find --help", "weights build --help"] {
        let run = desk.run_with(&[], arguments).ok();
        assert!(run.stdout.contains("facespace"), "{arguments}");
    }
}

#[test]
#[cfg(all(feature = "gui", target_os = "linux"))]
fn without_a_desktop_the_window_says_what_to_do() {
    let nowhere = [("DISPLAY", ""), ("WAYLAND_DISPLAY", ""), ("WAYLAND_SOCKET", "")];
    for arguments in ["", "--demo", "open", "bench --window"] {
        let run = Desk::empty().run_with(&nowhere, arguments);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(run.stderr.contains("The window could not be opened"), "{}", run.stderr);
        assert!(run.stderr.contains("check that a desktop is running"), "{}", run.stderr);
    }
}

#[test]
fn a_reader_that_has_gone_away_is_no_crash() {
    let desk = Desk::with_faces();
    let mut child =
        desk.command("encode a.png --device cpu").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let run = Run::of(&child.wait_with_output().unwrap());
    assert_eq!((run.code, run.stderr.lines().count()), (1, 1), "{}", run.stderr);
    assert_sentence(run.stderr.trim_end());
}

#[test]
fn paths_may_have_spaces_and_other_scripts() {
    let desk = Desk::with_faces();
    desk.put("Meine Bilder/größe 顔.png", desk.bytes("a.png"));
    let mut command = desk.command("--device cpu edit --yaw 5 -o");
    command.arg("Das Ergebnis.png").arg("Meine Bilder/größe 顔.png");
    Run::of(&command.output().unwrap()).ok();
    assert_eq!(desk.picture("Das Ergebnis.png").dimensions(), (128, 128));
    let mut command = desk.command("--device cpu reconstruct -o out");
    Run::of(&command.arg("Meine Bilder").output().unwrap()).ok();
    assert_eq!(desk.files_in("out"), ["out/größe 顔.png"]);
}
