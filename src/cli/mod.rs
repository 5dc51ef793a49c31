//! The command line: the window and what needs none, one file a subcommand, all of them under the same contract (see `context`).

mod apply;
mod audit;
mod bench;
mod bench_photograph;
mod bench_search;
mod bench_train;
mod context;
mod devices;
mod draw;
mod edit;
mod encode;
mod evaluate;
mod find;
mod index;
mod interpolate;
#[cfg(feature = "gui")]
mod open;
mod opened;
mod outputs;
mod pictures;
mod prepare;
mod put_back;
mod reconstruct;
mod remarks;
mod runs;
mod sample;
mod search;
mod search_results;
mod set_options;
mod steps;
mod synth;
mod table;
mod train;
mod train_finder;
pub mod train_terminal;
mod train_truth;
mod transfer;
mod weights;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::engine::DeviceChoice;
use context::{Context, Outcome};

/// A photograph of a face as 99 numbers, and back: turn the head, change the expression, give a face's identity,
/// expression or style to another.
#[derive(Parser)]
#[command(name = "facespace", version, arg_required_else_help = cfg!(not(feature = "gui")))]
struct Cli {
    #[command(flatten)]
    global: Global,
    /// Start the demonstration, full screen
    #[cfg(feature = "gui")]
    #[arg(long)]
    demo: bool,
    /// Without one, the window opens
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options of every subcommand; they stand before it or after it.
#[derive(Args)]
pub(crate) struct Global {
    /// Where to compute: auto (if not given), cpu, gpu or gpu:N (see `facespace devices`)
    #[arg(long, global = true, help_heading = "Global options")]
    device: Option<DeviceChoice>,
    /// A weights file to use instead of the one that comes with the program
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    weights: Option<PathBuf>,
    /// Write what was done as JSON to this file ("-" is stdout)
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    json: Option<PathBuf>,
    /// No progress bar and no remarks; failures are still named
    #[arg(long, global = true, help_heading = "Global options")]
    quiet: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Open the window, with pictures if you like
    #[cfg(feature = "gui")]
    Open(open::Arguments),
    /// Drag a slider in a window and report what it took; run by `bench --window`
    #[cfg(feature = "gui")]
    #[command(hide = true)]
    WindowScript(open::ScriptArguments),
    /// Find the faces in photographs
    Find(find::Arguments),
    /// Write faces as numbers, one row a face
    Encode(encode::Arguments),
    /// Decode what the model keeps of a face, as an edit that changes nothing does
    Reconstruct(reconstruct::Arguments),
    /// Change pose, identity, expression or style of a face in its photograph
    Edit(edit::Arguments),
    /// Give parts of faces to others: one to one in that one's photograph, or many to many as a sheet or files
    Transfer(transfer::Arguments),
    /// Give what a recipe holds, saved by `transfer`, to the faces of photographs
    Apply(apply::Arguments),
    /// Make faces that nobody has
    Sample(sample::Arguments),
    /// Draw the way from one face to another
    Interpolate(interpolate::Arguments),
    /// Index the faces of folders and shards, to search them
    #[command(subcommand)]
    Index(index::Command),
    /// Search an index for faces that are alike in some parts and unlike in others
    Search(search::Arguments),
    /// Turn a labelled set as it is published into shards of crops, to train on, to measure on, or to audit
    ///
    /// AffectNet, CelebA, VGGFace2, VoxCeleb, LFW, folders whose names are labels, and tables with a picture a row. Every
    /// face is cut out as the networks want it and written with its labels; the set itself is only read. A preparation
    /// that was stopped is gone on with by the same command, and what could not be used is counted by reason.
    Prepare(prepare::Arguments),
    /// Find the wrong labels in a set of faces, look at them and correct them
    ///
    /// People who label faces make mistakes, in some sets with every tenth face. An audit finds the labels that look
    /// wrong: networks learn the expressions from four fifths of the people and say of each face of the last fifth what
    /// they see, so that no face is judged by a network that knows its label. Where they see something else than the
    /// label says, the label or the network is wrong, and only you can tell which: the audit ranks all faces, the most
    /// doubtful first, and you look at as many as you have time for (the budget, --budget).
    ///
    /// Look at a face with `audit show`, say with `audit judge` that its label is right (keep), which one is, or that
    /// nobody can tell (ambiguous), and write the corrected labels with `audit export`. The set itself is never written
    /// to. Every verdict is on the disk at once, can be taken back with `audit undo`, and stays when the audit is made
    /// anew.
    Audit(audit::Arguments),
    /// Train a model on pictures of your own, or on invented faces
    Train(train::Arguments),
    /// List and compare trainings
    Runs(runs::Arguments),
    /// Draw faces to train on, with the truth about each of them
    Synth(synth::Arguments),
    /// List the devices that can compute
    Devices,
    /// Look at a weights file, or make one
    #[command(subcommand)]
    Weights(weights::Command),
    /// Measure how good the weights are on your own faces, as the paper's tables and figures do, or how well faces are found
    ///
    /// Pictures are encoded, decoded, changed and compared, as far as their labels go: how close reconstructions are, whether
    /// people and expressions are told apart by the parts of the code that should know and by those that should not, what
    /// searches find, what edits leave alone. Each figure comes with the number of faces behind it and an interval that
    /// holds it in 95 of 100 samples of such faces; what cannot be measured is said, and what to give for it.
    ///
    /// With -o, a folder gets the whole report: a page with all tables and pictures to read, print and send
    /// (report.html), the figures as JSON and CSV, and what is measured part by part. The same command again measures
    /// only what has changed since, and goes on with an evaluation that was stopped. Two reports are set beside each
    /// other with `evaluate compare`.
    Evaluate(evaluate::Arguments),
    /// Measure how fast edits, encoding, finding faces, searches and the steps of a training are on this machine
    Bench(bench::Arguments),
}

/// Runs the program; the exit code is 0, 1 (some inputs failed, the others were done) or 2 (wrong usage).
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(e) => {
            // Nothing is left to do if the terminal is gone.
            let _ = e.print();
            return ExitCode::from(e.exit_code() as u8);
        }
    };
    #[cfg(feature = "gui")]
    let command = cli.command.unwrap_or(Command::Open(open::Arguments::new(cli.demo)));
    #[cfg(not(feature = "gui"))]
    let Some(command) = cli.command else {
        // Reached with global options alone.
        eprintln!("This build has no window; choose a subcommand, see `facespace --help`");
        return ExitCode::from(2);
    };
    let mut context = Context::new(cli.global);
    let outcome = context.check_report(&command.reads(), &command.keeps()).and_then(|()| command.run(&mut context));
    context.finish(outcome)
}

impl Command {
    /// The files and folders that the command line names for reading.
    fn reads(&self) -> Vec<PathBuf> {
        match self {
            #[cfg(feature = "gui")]
            Command::Open(arguments) => arguments.reads(),
            #[cfg(feature = "gui")]
            Command::WindowScript(_) => Vec::new(),
            Command::Find(arguments) => arguments.reads(),
            Command::Encode(arguments) => arguments.reads(),
            Command::Reconstruct(arguments) => arguments.reads(),
            Command::Edit(arguments) => arguments.reads(),
            Command::Transfer(arguments) => arguments.reads(),
            Command::Apply(arguments) => arguments.reads(),
            Command::Sample(arguments) => arguments.reads(),
            Command::Interpolate(arguments) => arguments.reads(),
            Command::Index(command) => command.reads(),
            Command::Search(arguments) => arguments.reads(),
            Command::Audit(arguments) => arguments.reads(),
            Command::Train(arguments) => arguments.reads(),
            Command::Runs(arguments) => arguments.reads(),
            Command::Weights(command) => command.reads(),
            Command::Evaluate(arguments) => arguments.reads(),
            Command::Devices | Command::Bench(_) | Command::Synth(_) | Command::Prepare(_) => Vec::new(),
        }
    }

    /// Sets and audits, in which the report may replace nothing.
    fn keeps(&self) -> Vec<PathBuf> {
        match self {
            Command::Prepare(arguments) => arguments.keeps(),
            Command::Audit(arguments) => arguments.keeps(),
            Command::Evaluate(arguments) => arguments.keeps(),
            _ => Vec::new(),
        }
    }

    fn run(self, context: &mut Context) -> Outcome {
        match self {
            #[cfg(feature = "gui")]
            Command::Open(arguments) => open::run(context, arguments),
            #[cfg(feature = "gui")]
            Command::WindowScript(arguments) => open::run_script(context, arguments),
            Command::Find(arguments) => find::run(context, arguments),
            Command::Encode(arguments) => encode::run(context, arguments),
            Command::Reconstruct(arguments) => reconstruct::run(context, arguments),
            Command::Edit(arguments) => edit::run(context, arguments),
            Command::Transfer(arguments) => transfer::run(context, arguments),
            Command::Apply(arguments) => apply::run(context, arguments),
            Command::Sample(arguments) => sample::run(context, arguments),
            Command::Interpolate(arguments) => interpolate::run(context, arguments),
            Command::Index(command) => index::run(context, command),
            Command::Search(arguments) => search::run(context, arguments),
            Command::Prepare(arguments) => prepare::run(context, &arguments),
            Command::Audit(arguments) => audit::run(context, &arguments),
            Command::Train(arguments) => train::run(context, arguments),
            Command::Runs(arguments) => runs::run(context, arguments),
            Command::Synth(arguments) => synth::run(context, arguments),
            Command::Devices => devices::run(context),
            Command::Weights(command) => weights::run(context, command),
            Command::Evaluate(arguments) => evaluate::run(context, arguments),
            Command::Bench(arguments) => bench::run(context, arguments),
        }
    }
}
