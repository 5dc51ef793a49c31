//! Colours that can be told apart and read.

use eframe::egui;
use egui::{Color32, Context, Rgba, Theme, Visuals};
use facespace::app::theme;
use facespace::evaluate::report::style;
use facespace::face::Part;

/// The contrast of two opaque colours, 1 to 21, as WCAG 2 defines it.
fn contrast(a: Color32, b: Color32) -> f32 {
    let luminance = |colour: Color32| {
        let linear = Rgba::from(colour);
        0.2126 * linear.r() + 0.7152 * linear.g() + 0.0722 * linear.b()
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn both() -> [Visuals; 2] {
    let context = Context::default();
    theme::install(&context);
    [Theme::Dark, Theme::Light].map(|theme| context.style_of(theme).visuals.clone())
}

#[test]
fn dark_is_dark_and_light_is_light() {
    let [dark, light] = both();
    assert!(dark.dark_mode && !light.dark_mode);
    assert!(contrast(dark.panel_fill, light.panel_fill) > 10.0);
}

#[test]
fn the_colour_of_each_part_can_be_read_on_a_panel() {
    for visuals in both() {
        for part in Part::ALL {
            let found = contrast(theme::part_colour(&visuals, part), visuals.panel_fill);
            assert!(found >= 4.5, "{part}, dark {}: {found}", visuals.dark_mode);
        }
    }
}

#[test]
fn every_text_can_be_read_where_it_stands() {
    for visuals in both() {
        let widgets = &visuals.widgets;
        let pairs = [
            ("text", visuals.text_color(), visuals.panel_fill),
            ("weak text", visuals.weak_text_color(), visuals.panel_fill),
            ("text of a field", widgets.inactive.text_color(), visuals.extreme_bg_color),
            ("weak text of a field", visuals.weak_text_color(), visuals.extreme_bg_color),
            ("a button", widgets.inactive.text_color(), widgets.inactive.weak_bg_fill),
            ("a hovered button", widgets.hovered.text_color(), widgets.hovered.weak_bg_fill),
            ("a pressed button", widgets.active.text_color(), widgets.active.weak_bg_fill),
            ("an open menu", widgets.open.text_color(), widgets.open.weak_bg_fill),
            ("what is chosen", visuals.selection.stroke.color, visuals.selection.bg_fill),
            ("a link", visuals.hyperlink_color, visuals.panel_fill),
            ("an error", visuals.error_fg_color, visuals.panel_fill),
            ("a warning", visuals.warn_fg_color, visuals.panel_fill),
            ("text of an error bar", visuals.text_color(), theme::error_fill(&visuals)),
            ("text of a warning bar", visuals.text_color(), theme::warning_fill(&visuals)),
            ("an error on its bar", visuals.error_fg_color, theme::error_fill(&visuals)),
            ("a warning on its bar", visuals.warn_fg_color, theme::warning_fill(&visuals)),
            ("text on the canvas", visuals.text_color(), theme::canvas_fill(&visuals)),
        ];
        for (what, text, ground) in pairs {
            let found = contrast(text, ground);
            assert!(found >= 4.5, "{what}, dark {}: {found}", visuals.dark_mode);
        }
        for part in Part::ALL {
            let found = contrast(visuals.text_color(), theme::part_fill(&visuals, part));
            assert!(found >= 4.5, "text on the shade of {part}, dark {}: {found}", visuals.dark_mode);
        }
    }
}

#[test]
fn lines_that_tell_something_stand_out() {
    for visuals in both() {
        assert!(contrast(theme::accent(&visuals), visuals.panel_fill) >= 3.0);
        for part in Part::ALL {
            let colour = theme::part_colour(&visuals, part);
            assert!(contrast(colour, theme::track_fill(&visuals)) >= 2.0, "{part} on its rail");
        }
    }
}

#[test]
fn the_parts_have_the_same_colours_in_a_report() {
    for visuals in both() {
        let palette = if visuals.dark_mode { style::DARK } else { style::LIGHT };
        for part in Part::ALL {
            let [red, green, blue] = palette.parts[part as usize];
            assert_eq!(theme::part_colour(&visuals, part), Color32::from_rgb(red, green, blue), "{part}");
        }
    }
}
