//! What the window looks like: colours, sizes, text styles, for dark and light. The only place where a colour or a
//! distance is written down; it imports nothing of the window's state.
//!
//! The surroundings are neutral grey, so that they do not tint the picture; colour belongs to the four parts and to
//! what has the keyboard.

use std::collections::BTreeMap;

use eframe::egui;
use egui::style::{HandleShape, Selection, Spacing, Style, TextCursorStyle, WidgetVisuals, Widgets};
use egui::{
    Color32, CornerRadius, FontDefinitions, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Theme, Visuals, vec2,
};

use crate::face::Part;

/// The unit of all distances.
pub const SPACE: f32 = 4.0;
/// Height of a row with a slider, and of buttons and fields.
pub const ROW: f32 = 24.0;
/// Width of the rail on the left.
pub const RAIL_WIDTH: f32 = 64.0;
/// Width of the inspector on the right.
pub const INSPECTOR_WIDTH: f32 = 340.0;
/// Side of a face in the tray.
pub const TILE: f32 = 72.0;
/// Side of a face of an index in the list of what was found.
pub const HIT: f32 = 96.0;
/// Height of the tray: a row of faces and the margin around it.
pub const TRAY_HEIGHT: f32 = TILE + 6.0 * SPACE;
/// Height of the status bar.
pub const STATUS_HEIGHT: f32 = 28.0;

/// Sizes of the three texts.
pub const SMALL: f32 = 12.0;
pub const BODY: f32 = 14.0;
pub const HEADING: f32 = 18.0;
/// Numbers look larger than words of the same size; this makes them equal.
const NUMBERS: f32 = 13.0;

/// Corners of buttons, fields and tiles.
pub const CORNER: u8 = 4;
/// Corners of menus and windows.
const WIDE_CORNER: u8 = 8;
/// Lines between things.
pub const LINE: f32 = 1.0;
/// Lines around what is chosen or has the keyboard.
pub const STRONG_LINE: f32 = 2.0;

/// The greys and the few colours of one theme.
struct Palette {
    canvas: Color32,
    field: Color32,
    panel: Color32,
    raised: Color32,
    hovered: Color32,
    pressed: Color32,
    track: Color32,
    line: Color32,
    weak_text: Color32,
    text: Color32,
    strong_text: Color32,
    accent: Color32,
    chosen: Color32,
    chosen_text: Color32,
    warning: Color32,
    warning_fill: Color32,
    error: Color32,
    error_fill: Color32,
    /// In the order of [`Part::ALL`].
    parts: [Color32; 4],
    shadow: u8,
}

const DARK: Palette = Palette {
    canvas: Color32::from_gray(18),
    field: Color32::from_gray(22),
    panel: Color32::from_gray(32),
    raised: Color32::from_gray(50),
    hovered: Color32::from_gray(62),
    pressed: Color32::from_gray(72),
    track: Color32::from_gray(66),
    line: Color32::from_gray(56),
    weak_text: Color32::from_gray(160),
    text: Color32::from_gray(214),
    strong_text: Color32::from_gray(245),
    accent: Color32::from_rgb(150, 162, 245),
    chosen: Color32::from_rgb(58, 64, 108),
    chosen_text: Color32::from_rgb(232, 234, 255),
    warning: Color32::from_rgb(240, 184, 84),
    warning_fill: Color32::from_rgb(66, 52, 24),
    error: Color32::from_rgb(255, 146, 136),
    error_fill: Color32::from_rgb(78, 36, 36),
    parts: [
        Color32::from_rgb(224, 166, 84),
        Color32::from_rgb(104, 170, 226),
        Color32::from_rgb(222, 138, 184),
        Color32::from_rgb(104, 190, 154),
    ],
    shadow: 110,
};

const LIGHT: Palette = Palette {
    canvas: Color32::from_gray(222),
    field: Color32::from_gray(255),
    panel: Color32::from_gray(246),
    raised: Color32::from_gray(233),
    hovered: Color32::from_gray(222),
    pressed: Color32::from_gray(210),
    track: Color32::from_gray(208),
    line: Color32::from_gray(212),
    weak_text: Color32::from_gray(96),
    text: Color32::from_gray(46),
    strong_text: Color32::from_gray(16),
    accent: Color32::from_rgb(74, 84, 200),
    chosen: Color32::from_rgb(214, 218, 250),
    chosen_text: Color32::from_rgb(34, 40, 120),
    warning: Color32::from_rgb(132, 82, 0),
    warning_fill: Color32::from_rgb(252, 238, 206),
    error: Color32::from_rgb(176, 36, 30),
    error_fill: Color32::from_rgb(252, 226, 223),
    parts: [
        Color32::from_rgb(140, 88, 0),
        Color32::from_rgb(24, 98, 170),
        Color32::from_rgb(168, 54, 120),
        Color32::from_rgb(24, 110, 80),
    ],
    shadow: 44,
};

/// Gives both themes their look. Which of the two is shown stays the context's choice.
pub fn install(context: &egui::Context) {
    // The font of numbers also has the triangles of the inspector's sections.
    let mut fonts = FontDefinitions::default();
    let signs = fonts.families.get(&FontFamily::Monospace).and_then(|family| family.first()).cloned();
    fonts.families.entry(FontFamily::Proportional).or_default().extend(signs);
    context.set_fonts(fonts);
    for theme in [Theme::Dark, Theme::Light] {
        context.set_style_of(theme, style(theme));
    }
}

/// The colour of a part; as text on a panel its contrast is 4.5 : 1 or more.
pub fn part_colour(visuals: &Visuals, part: Part) -> Color32 {
    palette(visuals).parts[part as usize]
}

/// The pale shade of a part: behind ranges and headings.
pub fn part_fill(visuals: &Visuals, part: Part) -> Color32 {
    let amount = if visuals.dark_mode { 0.34 } else { 0.26 };
    visuals.panel_fill.lerp_to_gamma(part_colour(visuals, part), amount)
}

/// Behind a bar that says what went wrong.
pub fn error_fill(visuals: &Visuals) -> Color32 {
    palette(visuals).error_fill
}

/// Behind a bar that asks for attention.
pub fn warning_fill(visuals: &Visuals) -> Color32 {
    palette(visuals).warning_fill
}

/// Around the picture.
pub fn canvas_fill(visuals: &Visuals) -> Color32 {
    palette(visuals).canvas
}

/// Rails, empty bars and other things that something fills.
pub fn track_fill(visuals: &Visuals) -> Color32 {
    palette(visuals).track
}

/// What is chosen and what has the keyboard.
pub fn accent(visuals: &Visuals) -> Color32 {
    palette(visuals).accent
}

/// The lines of a plot, the most important one first. They differ in how they are dashed, too.
pub fn plot_colours(visuals: &Visuals) -> [Color32; 4] {
    let colours = palette(visuals);
    [colours.accent, colours.strong_text, colours.warning, colours.weak_text]
}

fn palette(visuals: &Visuals) -> &'static Palette {
    if visuals.dark_mode { &DARK } else { &LIGHT }
}

fn style(theme: Theme) -> Style {
    let mut style = theme.default_style();
    style.visuals = visuals(theme);
    style.spacing = spacing();
    style.text_styles = text_styles();
    style.drag_value_text_style = TextStyle::Monospace;
    style.animation_time = 0.08;
    style.interaction.selectable_labels = false;
    style.interaction.multi_widget_text_select = false;
    style.interaction.tooltip_delay = 0.4;
    style
}

fn text_styles() -> BTreeMap<TextStyle, FontId> {
    let words = |size| FontId::new(size, FontFamily::Proportional);
    [
        (TextStyle::Small, words(SMALL)),
        (TextStyle::Body, words(BODY)),
        (TextStyle::Button, words(BODY)),
        (TextStyle::Heading, words(HEADING)),
        (TextStyle::Monospace, FontId::new(NUMBERS, FontFamily::Monospace)),
    ]
    .into()
}

fn spacing() -> Spacing {
    let mut spacing = Spacing {
        item_spacing: vec2(2.0 * SPACE, SPACE),
        button_padding: vec2(2.0 * SPACE, SPACE),
        window_margin: Margin::same(12),
        menu_margin: Margin::same(8),
        indent: 4.0 * SPACE,
        interact_size: vec2(10.0 * SPACE, ROW),
        slider_width: 40.0 * SPACE,
        slider_rail_height: SPACE,
        icon_width: 4.0 * SPACE,
        icon_width_inner: 2.0 * SPACE,
        icon_spacing: SPACE,
        tooltip_width: 80.0 * SPACE,
        menu_spacing: SPACE,
        ..Spacing::default()
    };
    spacing.scroll.bar_width = 2.0 * SPACE;
    spacing
}

fn visuals(theme: Theme) -> Visuals {
    let (colours, start) = match theme {
        Theme::Dark => (&DARK, Visuals::dark()),
        Theme::Light => (&LIGHT, Visuals::light()),
    };
    Visuals {
        widgets: widgets(colours),
        selection: Selection { bg_fill: colours.chosen, stroke: Stroke::new(LINE, colours.chosen_text) },
        weak_text_color: Some(colours.weak_text),
        hyperlink_color: colours.accent,
        faint_bg_color: colours.panel.lerp_to_gamma(colours.raised, 0.5),
        extreme_bg_color: colours.field,
        code_bg_color: colours.raised,
        warn_fg_color: colours.warning,
        error_fg_color: colours.error,
        panel_fill: colours.panel,
        window_fill: colours.panel,
        window_stroke: Stroke::new(LINE, colours.line),
        window_corner_radius: CornerRadius::same(WIDE_CORNER),
        menu_corner_radius: CornerRadius::same(WIDE_CORNER),
        window_shadow: shadow(colours.shadow, 8, 24),
        popup_shadow: shadow(colours.shadow, 4, 12),
        text_cursor: TextCursorStyle { stroke: Stroke::new(STRONG_LINE, colours.accent), ..Default::default() },
        indent_has_left_vline: false,
        slider_trailing_fill: true,
        handle_shape: HandleShape::Circle,
        ..start
    }
}

fn shadow(darkness: u8, down: i8, blur: u8) -> Shadow {
    Shadow { offset: [0, down], blur, spread: 0, color: Color32::from_black_alpha(darkness) }
}

/// Every state of a widget. A widget that has the keyboard counts as active, so that state carries the accent's line.
fn widgets(colours: &Palette) -> Widgets {
    let state = |fill, track, line: Stroke, text| WidgetVisuals {
        weak_bg_fill: fill,
        bg_fill: track,
        bg_stroke: line,
        fg_stroke: Stroke::new(1.5, text),
        corner_radius: CornerRadius::same(CORNER),
        expansion: 0.0,
    };
    let line = Stroke::new(LINE, colours.line);
    Widgets {
        noninteractive: state(colours.panel, colours.panel, line, colours.text),
        inactive: state(colours.raised, colours.track, line, colours.text),
        hovered: state(colours.hovered, colours.pressed, line, colours.strong_text),
        active: state(colours.pressed, colours.pressed, Stroke::new(STRONG_LINE, colours.accent), colours.strong_text),
        open: state(colours.hovered, colours.pressed, line, colours.strong_text),
    }
}
