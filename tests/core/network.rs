//! The program makes no network connection: nothing that it is made of knows how, and its own code opens no socket.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Clients, servers, what encrypts their connections, and what opens a browser. What talks to the desktop through a
/// socket of this machine (zbus, x11rb, wayland-client, and async-io, polling and rustix below them) is not among them.
const NETWORK: &[&str] = &[
    "actix-web",
    "async-h1",
    "async-net",
    "async-std",
    "async-tungstenite",
    "attohttpc",
    "aws-config",
    "awc",
    "axum",
    "burn-communication",
    "burn-remote",
    "curl",
    "curl-sys",
    "ehttp",
    "h2",
    "h3",
    "hf-hub",
    "hickory-resolver",
    "http",
    "httparse",
    "hyper",
    "hyper-util",
    "isahc",
    "libp2p",
    "minreq",
    "mio",
    "native-tls",
    "object_store",
    "openssl",
    "openssl-sys",
    "quinn",
    "reqwest",
    "ring",
    "rustls",
    "s2n-tls",
    "self_update",
    "sentry",
    "smol",
    "socket2",
    "surf",
    "tiny_http",
    "tokio",
    "tonic",
    "tungstenite",
    "ureq",
    "ureq-proto",
    "warp",
    "webbrowser",
    "webpki-roots",
    "websocket",
];

/// Where the networks begin that Cargo.lock lists and no build has: it names whatever a feature of a dependency could
/// switch on, whether or not one does. [`what_is_compiled_knows_no_network`] holds that none of these is.
const NEVER_BUILT: &[(&str, &str)] = &[
    ("burn-tch", "LibTorch, whose build fetches it"),
    ("cubecl-llvm", "the compiler of the CPU, CUDA and ROCm backends, whose build fetches LLVM"),
    ("turso", "a database for tuning results, which can synchronise"),
    ("wasm-bindgen-futures", "for browsers, which this program does not run in"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Each package with the packages it depends on, as Cargo.lock writes both: a name, and a version where it needs one.
fn locked() -> HashMap<String, Vec<String>> {
    let text = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let mut packages = HashMap::new();
    for block in text.split("[[package]]").skip(1) {
        let quoted = |line: &str| line.split('"').nth(1).unwrap().to_owned();
        let field = |key: &str| quoted(block.lines().find(|line| line.starts_with(key)).unwrap());
        let needs = block.lines().skip_while(|line| *line != "dependencies = [").skip(1);
        let needs: Vec<String> = needs.take_while(|line| *line != "]").map(quoted).collect();
        let name = field("name = ");
        packages.insert(format!("{name} {}", field("version = ")), needs.clone());
        // Where there are several versions, nobody names one without its own.
        packages.insert(name, needs);
    }
    packages
}

/// The shortest way from the program to a package of the network, over all targets, features and tests.
fn way_to_network() -> Option<Vec<String>> {
    let locked = locked();
    let mut ways = vec![vec!["facespace".to_owned()]];
    let mut met = HashSet::new();
    let mut place = 0;
    while let Some(way) = ways.get(place).cloned() {
        place += 1;
        let package = way.last().unwrap();
        let name = package.split(' ').next().unwrap();
        if NETWORK.contains(&name) {
            return Some(way);
        }
        if NEVER_BUILT.iter().any(|(never, _)| *never == name) {
            continue;
        }
        for needed in &locked[package] {
            if met.insert(needed.clone()) {
                ways.push([&way[..], std::slice::from_ref(needed)].concat());
            }
        }
    }
    assert!(met.len() > 300, "only {} packages were found in Cargo.lock", met.len());
    None
}

#[test]
fn no_dependency_knows_the_network() {
    assert_eq!(way_to_network(), None);
}

/// Only cargo knows which features are on; of the packages that are compiled into the program it is asked here, for
/// this machine and the features that this test was built with. It looks nothing up.
#[test]
fn what_is_compiled_knows_no_network() {
    let features = [("gui", cfg!(feature = "gui")), ("gpu", cfg!(feature = "gpu"))];
    let features: Vec<&str> = features.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect();
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(["--no-default-features", "--features", &features.join(",")])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let compiled: HashSet<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(compiled.contains("burn") && compiled.contains("eframe") == cfg!(feature = "gui"), "{compiled:?}");
    for name in NETWORK.iter().chain(NEVER_BUILT.iter().map(|(name, _)| name)) {
        assert!(!compiled.contains(name), "{name} is compiled into the program; see `cargo tree -i {name}`");
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

#[test]
fn no_source_opens_a_socket() {
    for path in sources(&root().join("src")) {
        let text = fs::read_to_string(&path).unwrap();
        for line in text.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
            for word in ["std::net", "TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs", "open_url"] {
                assert!(!line.contains(word), "{}: {line}", path.display());
            }
            assert!(!(line.starts_with("use std::{") && line.contains("net")), "{}: {line}", path.display());
        }
    }
}
