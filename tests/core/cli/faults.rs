//! Devices that fail and disks that are full, as the fault hooks rehearse them.

use super::{Desk, assert_same};

/// Runs an edit with a GPU that has this fault; the line on stderr, if there is one. The picture is the CPU's.
#[track_caller]
fn edit_with(fault: &str, device: &str) -> Option<String> {
    let desk = Desk::with_faces();
    desk.run("edit a.png --yaw 15 -o cpu.png").ok();
    let fault = [("FACESPACE_FAULT_GPU", fault)];
    let run = desk.run_with(&fault, &format!("edit a.png --yaw 15 -o gpu.png --device {device} --json r.json"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_same(&desk.picture("cpu.png"), &desk.picture("gpu.png"));
    assert!(desk.json("r.json")["device"].as_str().unwrap().starts_with("CPU"));
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert!(lines.len() <= 1, "{}", run.stderr);
    lines.first().map(|line| {
        super::assert_sentence(line);
        (*line).to_owned()
    })
}

#[test]
fn without_a_gpu_the_cpu_takes_over() {
    assert_eq!(edit_with("missing", "auto"), None);
    assert_eq!(edit_with("missing", "gpu").unwrap(), "No GPU was found; the CPU takes over");
    assert!(edit_with("missing", "gpu:3").unwrap().contains("no GPU number 3"));
}

#[test]
fn a_gpu_that_does_not_open_gives_way_to_the_cpu() {
    for device in ["auto", "gpu", "gpu:0"] {
        let line = edit_with("broken", device).unwrap();
        assert_eq!(line, "The GPU Pretend GPU could not be opened (a rehearsed failure); the CPU takes over");
    }
}

#[test]
fn a_gpu_that_is_lost_gives_way_to_the_cpu() {
    for device in ["auto", "gpu"] {
        let line = edit_with("lost", device).unwrap();
        assert_eq!(line, "The GPU Pretend GPU failed (a rehearsed loss); the CPU takes over");
    }
}

#[test]
fn every_command_survives_the_loss_of_its_gpu() {
    let desk = Desk::with_faces();
    for arguments in [
        "encode a.png b.png -o rows.csv",
        "reconstruct a.png b.png -o out",
        "reconstruct a.png --direct -o direct.png",
        "edit a.png b.png c.png --yaw 5 -o out",
        "transfer --source a.png --target b.png --parts pose -o t.png --json r.json",
        "sample --count 2 -o s.png",
        "interpolate a.png b.png --steps 2 -o i.gif",
        "weights show --samples faces",
    ] {
        let run = desk.run_with(&[("FACESPACE_FAULT_GPU", "lost")], arguments);
        assert_eq!((run.code, run.stderr.lines().count()), (0, 1), "{arguments}: {}", run.stderr);
        assert!(run.stderr.ends_with("the CPU takes over\n"), "{arguments}: {}", run.stderr);
    }
}

#[test]
fn a_full_disk_is_named_and_no_half_file_is_left() {
    let desk = Desk::with_faces();
    desk.put("kept/a.png", "what was there before");
    desk.put("kept.json", "what was there before");
    let before = desk.files();
    for (arguments, failed) in [
        ("edit a.png b.png --yaw 5 -o kept", vec!["kept/a.png", "kept/b.png"]),
        ("edit a.png --yaw 5 -o e.jpg", vec!["e.jpg"]),
        ("reconstruct a.png -o r.webp", vec!["r.webp"]),
        ("transfer --source a.png --target b.png --parts pose -o t.png", vec!["t.png"]),
        ("sample --count 2 -o s.png", vec!["s.png"]),
        ("sample --count 2 -o kept", vec!["kept/sample-0001.png", "kept/sample-0002.png"]),
        ("interpolate a.png b.png --steps 2 -o i.gif", vec!["i.gif"]),
        ("encode a.png -o rows.csv", vec!["rows.csv"]),
        ("encode a.png --json kept.json", vec!["kept.json"]),
    ] {
        let run = desk.run_with(&[("FACESPACE_FAULT_WRITE", "500")], &format!("{arguments} --device cpu"));
        let failures: Vec<(&str, &str)> =
            failed.into_iter().map(|path| ("The disk is full; free some", path)).collect();
        run.failed(1, &failures);
        assert_eq!(desk.files(), before, "{arguments}");
    }
    let run = desk
        .run_with(&[("FACESPACE_FAULT_WRITE", "50")], "edit a.png --yaw 5 --save-edit e.json -o e.png --device cpu");
    run.failed(1, &[("The disk is full", "e.json")]);
    assert_eq!(desk.files(), before);
    for kept in ["kept/a.png", "kept.json"] {
        assert_eq!(desk.bytes(kept), b"what was there before", "{kept}");
    }
}

/// A small file system in memory, gone at the end. Needs root.
#[cfg(target_os = "linux")]
pub struct SmallDisk(std::path::PathBuf);

#[cfg(target_os = "linux")]
impl SmallDisk {
    pub fn mount(at: std::path::PathBuf, size: &str) -> Option<Self> {
        std::fs::create_dir(&at).unwrap();
        let options = format!("size={size},mode=0777");
        let mounted =
            std::process::Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&at).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| SmallDisk(at))
    }

    /// Makes it larger; false where that fails.
    pub fn grow(&self, size: &str) -> bool {
        let options = format!("remount,size={size}");
        let grown = std::process::Command::new("mount").args(["-o", &options]).arg(&self.0).output();
        grown.is_ok_and(|output| output.status.success())
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.0).status();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_really_full_is_named_too() {
    let desk = Desk::with_faces();
    let Some(_disk) = SmallDisk::mount(desk.path("small"), "12k") else {
        eprintln!("SKIPPED: a small file system cannot be mounted here; it takes root on Linux");
        return;
    };
    desk.run("edit a.png --yaw 5 -o small/e.png").failed(1, &[("The disk is full", "small/e.png")]);
    desk.run("sample --count 2 -o small")
        .failed(1, &[("The disk is full", "small/sample-0001.png"), ("The disk is full", "small/sample-0002.png")]);
    assert!(desk.files_in("small").is_empty());
    desk.run("encode a.png -o small/rows.csv").ok();
    assert_eq!(desk.files_in("small"), ["small/rows.csv"]);
}
