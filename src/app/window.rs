//! The window's frame: answers into the state, panels over the state, commands into the state, requests to the engine.

use std::path::PathBuf;
use std::time::Instant;

use eframe::egui::{self, Context, Event, Key, Popup, RawInput, ThemePreference, Ui, ViewportCommand};

use super::answers;
use super::apply::{self, faces};
use super::canvas::Canvas;
use super::command::{Command, Entry, entries};
use super::evaluate::EvaluateCommand;
use super::gallery::GalleryCommand;
use super::hands::Hands;
use super::labels::LabelsCommand;
use super::panels::{self, Screen};
use super::requests::{self, Saved};
use super::script::Script;
use super::state::{Panel, State};
use super::store::{Settings, ThemeChoice};
use super::textures::Textures;
use super::theme;
use super::transfer::TransferCommand;
use crate::engine::protocol::RgbImage;

/// The app as eframe runs it.
pub struct Window {
    pub state: State,
    pub hands: Hands,
    canvas: Canvas,
    textures: Textures,
    saved: Saved,
    /// What the context was last told of the settings.
    shown: Option<Settings>,
    script: Option<Script>,
}

impl Window {
    pub fn new(context: &eframe::CreationContext, state: State, hands: Hands) -> Self {
        theme::install(&context.egui_ctx);
        // The scale is a setting, and these keys zoom into the picture.
        context.egui_ctx.options_mut(|options| options.zoom_with_keyboard = false);
        Window {
            state,
            hands,
            canvas: Canvas::new(context.wgpu_render_state.as_ref()),
            textures: Textures::default(),
            saved: Saved::default(),
            shown: None,
            script: None,
        }
    }

    /// Has a script drag a slider and measure; see [`super::script`].
    pub fn with_script(mut self, script: Option<Script>) -> Self {
        self.script = script;
        self
    }

    /// Has a command done, as a button would.
    pub fn command(&mut self, command: Command) {
        apply::apply(&mut self.state, &mut self.hands, command);
    }

    /// How many small pictures lie on the graphics card.
    pub fn textures(&self) -> usize {
        self.textures.len()
    }

    fn show_settings(&mut self, context: &Context) {
        if self.shown.as_ref() == Some(&self.state.settings) {
            return;
        }
        let settings = &self.state.settings;
        context.set_theme(match settings.theme {
            ThemeChoice::System => ThemePreference::System,
            ThemeChoice::Light => ThemePreference::Light,
            ThemeChoice::Dark => ThemePreference::Dark,
        });
        context.set_zoom_factor(settings.scale);
        self.shown = Some(settings.clone());
    }

    fn frame(&mut self, ui: &mut Ui) {
        let context = ui.ctx().clone();
        self.state.now = context.input(|input| input.time);
        self.show_settings(&context);
        self.textures.next_frame();
        answers::read(&mut self.state, &mut self.hands);
        for command in self.brought(&context) {
            self.command(command);
        }
        for command in shortcuts(&self.state, &context) {
            self.command(command);
        }
        let mut screen = Screen {
            state: &self.state,
            canvas: &self.canvas,
            textures: &mut self.textures,
            commands: Vec::new(),
            context: context.clone(),
        };
        panels::show(ui, &mut screen);
        let commands = screen.commands;
        if let Some(asking) = &mut self.state.asking {
            asking.focus = false;
        }
        for command in commands {
            self.command(command);
        }
        requests::ask(&mut self.state, &self.hands);
        requests::save(&self.state, &self.hands, &mut self.saved);
        if let Some(seconds) = requests::next(&self.state) {
            context.request_repaint_after_secs(seconds as f32);
        }
        if !self.state.pending.jobs(self.state.now).is_empty() {
            context.request_repaint_after_secs(0.1);
        }
    }

    /// Files dropped, and pictures or paths pasted.
    fn brought(&mut self, context: &Context) -> Vec<Command> {
        let mut commands = Vec::new();
        let dropped = context.input(|input| input.raw.dropped_files.clone());
        let paths: Vec<_> = dropped.iter().map(|file| file.path().to_owned()).filter(|path| path.exists()).collect();
        if !paths.is_empty() {
            commands.push(self.taken(context, paths));
        } else if !dropped.is_empty() {
            faces::nothing_dropped(&mut self.state);
        }
        let typing = context.text_edit_focused();
        context.input(|input| {
            for event in &input.events {
                match event {
                    Event::PasteImage(image) => commands.push(Command::OpenPasted(rgb(image))),
                    Event::Paste(text) if !typing => {
                        let paths: Vec<_> = pasted_paths(text);
                        if !paths.is_empty() {
                            commands.push(Command::OpenPaths(paths));
                        }
                    }
                    _ => {}
                }
            }
        });
        commands
    }

    /// What the panel that is looked at does with dropped files.
    fn taken(&self, context: &Context, paths: Vec<PathBuf>) -> Command {
        let panel = if self.state.demo.is_some() { Panel::Edit } else { self.state.panel };
        match panel {
            Panel::Edit => Command::OpenPaths(paths),
            Panel::Transfer => Command::Transfer(match panels::side_under_pointer(context) {
                Some(side) => TransferCommand::PutFiles(side, paths),
                None => TransferCommand::Dropped(paths),
            }),
            Panel::Gallery => Command::Gallery(GalleryCommand::Dropped(paths)),
            Panel::Labels => Command::Labels(LabelsCommand::Dropped(paths)),
            Panel::Evaluate => Command::Evaluate(EvaluateCommand::Dropped(paths)),
            Panel::Train => Command::DropOnTraining(paths),
        }
    }
}

/// Files that were copied in a file manager.
fn pasted_paths(text: &str) -> Vec<PathBuf> {
    let lines = text.lines().map(|line| line.trim().trim_start_matches("file://"));
    lines.map(PathBuf::from).filter(|path| path.is_absolute() && path.exists()).collect()
}

/// Transparency shows white, as in pictures from files.
fn rgb(image: &egui::ColorImage) -> std::sync::Arc<RgbImage> {
    let [width, height] = image.size;
    let over_white = |pixel: &egui::Color32| {
        let rest = 255 - pixel.a();
        [pixel.r(), pixel.g(), pixel.b()].map(|channel| channel.saturating_add(rest))
    };
    let bytes = image.pixels.iter().flat_map(over_white).collect();
    // Four bytes a pixel in, three a pixel out, of the same count.
    std::sync::Arc::new(RgbImage::from_raw(width as u32, height as u32, bytes).unwrap_or_default())
}

/// What the keyboard asks for.
fn shortcuts(state: &State, context: &Context) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut lines: Vec<_> = entries().into_iter().filter_map(|entry| Some((entry.shortcut?, entry))).collect();
    // Those with Shift first, and those with nothing last: without it, a shortcut is met by both.
    lines.sort_by_key(|(shortcut, _)| (!shortcut.modifiers.shift, shortcut.modifiers.is_none()));
    let typing = context.text_edit_focused();
    for (shortcut, entry) in lines {
        // A text field has an undo of its own.
        if typing && matches!(entry.command, Command::Undo | Command::Redo) {
            continue;
        }
        if let Command::Labels(command) = &entry.command {
            if is_heard(state, context, shortcut.logical_key, &entry) && pressed(context, shortcut.logical_key, command)
            {
                commands.push(entry.command);
            }
            continue;
        }
        if context.input_mut(|input| input.consume_shortcut(&shortcut)) && (entry.ready)(state) {
            commands.push(entry.command);
        }
    }
    let escaped = context.input(|input| input.key_pressed(Key::Escape));
    if escaped && state.picked.is_some() {
        commands.push(Command::PickUp(None));
    }
    if escaped && state.gallery.picked.is_some() {
        commands.push(Command::Gallery(GalleryCommand::PickUp(None)));
    }
    if state.demo.is_some() {
        let touched = context.input(|input| input.pointer.any_pressed() || input.events.iter().any(is_key));
        if escaped {
            commands.push(Command::ToggleDemo);
        } else if touched {
            commands.push(Command::DemoTouch);
        }
    }
    commands
}

/// Whether a plain key is one of the Labels panel's now: nobody types or chooses from a menu, and a widget that has the
/// keyboard keeps the keys with which it is used.
fn is_heard(state: &State, context: &Context, key: Key, entry: &Entry) -> bool {
    let elsewhere = context.text_edit_focused() || state.palette.is_some() || Popup::is_any_open(context);
    let of_widgets = matches!(key, Key::ArrowUp | Key::ArrowDown | Key::Enter);
    let taken = of_widgets && context.memory(|memory| memory.focused().is_some());
    state.demo.is_none() && !elsewhere && !taken && (entry.ready)(state)
}

/// Whether the key went down alone, and takes it. One that is held down goes through a list, but gives one verdict.
fn pressed(context: &Context, wanted: Key, command: &LabelsCommand) -> bool {
    let once = command.is_verdict();
    context.input_mut(|input| {
        let mut anew = false;
        input.events.retain(|event| match event {
            Event::Key { key, pressed: true, repeat, modifiers, .. } if *key == wanted && modifiers.is_none() => {
                anew |= !(once && *repeat);
                false
            }
            _ => true,
        });
        anew
    })
}

fn is_key(event: &Event) -> bool {
    matches!(event, Event::Key { pressed: true, .. })
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        let started = Instant::now();
        self.frame(ui);
        if self.state.debug {
            debug_overlay(ui, &self.state, self.textures.len());
        }
        self.state.meter.frame(started);
        if let Some(script) = &mut self.script
            && script.end_frame(&mut self.state, &mut self.hands)
        {
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
        }
    }

    fn raw_input_hook(&mut self, _: &Context, input: &mut RawInput) {
        if let Some(script) = &mut self.script {
            script.begin_frame(input);
        }
    }

    fn on_exit(&mut self) {
        // The last drag may not have settled.
        self.hands.store.save_session(self.state.session());
        self.hands.store.flush(std::time::Duration::from_secs(5));
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

/// How long frames take, over the window.
fn debug_overlay(ui: &Ui, state: &State, textures: usize) {
    let meter = &state.meter;
    let memory = super::meter::memory_mb().map_or_else(|| "unknown".to_owned(), |mb| format!("{mb:.0} MB"));
    let text = format!(
        "update {:.2} ms median, {:.2} ms at 95 %\nframe {:.1} ms median over {} frames\nmemory {memory}, {textures} small pictures",
        meter.update_ms(0.5),
        meter.update_ms(0.95),
        meter.frame_ms(0.5),
        meter.len(),
    );
    egui::Area::new(egui::Id::unique("debug overlay"))
        .anchor(egui::Align2::RIGHT_TOP, egui::vec2(-8.0, 36.0))
        .order(egui::Order::Tooltip)
        .interactable(false)
        .show(ui.ctx(), |ui| {
            egui::Frame::popup(ui.style()).show(ui, |ui| ui.label(egui::RichText::new(text).monospace().small()));
        });
}
