//! Charts as SVG, drawn here: every axis starts at zero, nothing is zoomed, and colour is never the only sign.
//!
//! They are drawn with classes; [`STYLE`] says what these look like in light and in dark.

use crate::figures::{escaped, measured};
use std::fmt::Write;

/// Tokens and classes of the charts. A page and a picture that stands alone both carry it.
pub const STYLE: &str = include_str!("chart.css");

/// One line over time.
#[derive(Clone, Debug)]
pub struct Line {
    pub name: &'static str,
    /// `line-server`, `line-client` or `line-lost`.
    pub class: &'static str,
    /// One value a step; a gap where nothing was measured.
    pub values: Vec<Option<f64>>,
}

/// One run's bars: what the server used, divided in two, and the floor beside it.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Up to three short lines below the bars.
    pub names: Vec<String>,
    pub user: f64,
    pub system: f64,
    pub floor: Option<f64>,
}

/// What the axes say.
#[derive(Clone, Copy, Debug)]
pub struct Axes<'a> {
    /// The whole chart in a sentence, for those who do not see it.
    pub label: &'a str,
    /// Up the side.
    pub upward: &'a str,
    /// Along the bottom.
    pub across: &'a str,
    /// The scale reaches at least this far, so that noise does not look like news.
    pub top_min: f64,
}

const LEFT: f64 = 52.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 44.0;
const PANEL_WIDTH: f64 = 480.0;
const PANEL_HEIGHT: f64 = 248.0;
const PANEL_FOOT: f64 = 44.0;
const PAIR_WIDTH: f64 = 88.0;
const PAIRS_HEIGHT: f64 = 360.0;
const PAIRS_FOOT: f64 = 84.0;
/// A line of 13 px text.
const LINE_HEIGHT: f64 = 17.0;

/// Where a chart's drawing is, and what its scale reaches to.
struct Frame {
    width: f64,
    height: f64,
    foot: f64,
    top_value: f64,
}

impl Frame {
    fn y(&self, value: f64) -> f64 {
        let room = self.height - TOP - self.foot;
        self.height - self.foot - room * (value / self.top_value).clamp(0.0, 1.0)
    }

    fn inner_width(&self) -> f64 {
        self.width - LEFT - RIGHT
    }

    /// The element's start, the grid and the scale.
    fn open(&self, axes: Axes<'_>) -> String {
        let (width, height) = (self.width, self.height);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-label=\"{}\">",
            escaped(axes.label)
        );
        let _ = write!(svg, "<text class=\"axis\" x=\"8\" y=\"14\">{}</text>", escaped(axes.upward));
        let steps = divisions(self.top_value);
        for step in 0..=steps {
            let value = self.top_value * f64::from(step) / f64::from(steps);
            let y = self.y(value);
            let class = if step == 0 { "base" } else { "grid" };
            let _ = write!(
                svg,
                "<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text class=\"tick end\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                width - RIGHT,
                LEFT - 8.0,
                y + 4.0,
                scale(value)
            );
        }
        svg
    }

    fn name_across(&self, svg: &mut String, name: &str) {
        let (x, y) = (LEFT + self.inner_width() / 2.0, self.height - 6.0);
        let _ = write!(svg, "<text class=\"axis middle\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(name));
    }
}

/// Lines over time, one step a second.
#[must_use]
pub fn lines(axes: Axes<'_>, lines: &[Line]) -> String {
    let highest = lines.iter().flat_map(|line| line.values.iter().flatten()).copied().fold(axes.top_min, f64::max);
    let frame = Frame { width: PANEL_WIDTH, height: PANEL_HEIGHT, foot: PANEL_FOOT, top_value: rounded_up(highest) };
    let mut svg = frame.open(axes);
    let steps = lines.iter().map(|line| line.values.len()).max().unwrap_or(0);
    let x = |step: usize| LEFT + frame.inner_width() * step as f64 / steps.saturating_sub(1).max(1) as f64;
    for step in ticks(steps) {
        let y = frame.height - frame.foot + LINE_HEIGHT;
        let _ = write!(svg, "<text class=\"tick middle\" x=\"{:.1}\" y=\"{y:.1}\">{step}</text>", x(step));
    }
    frame.name_across(&mut svg, axes.across);
    for line in lines {
        let mut path = String::new();
        let mut begins = true;
        for (step, value) in line.values.iter().enumerate() {
            if let Some(value) = value {
                let _ = write!(path, "{}{:.1} {:.1}", if begins { 'M' } else { 'L' }, x(step), frame.y(*value));
            }
            begins = value.is_none();
        }
        let _ = write!(svg, "<path class=\"line {}\" d=\"{path}\"/>", line.class);
    }
    let names: Vec<_> = lines.iter().map(|line| (line.name, Swatch::Line(line.class))).collect();
    if names.len() > 1 {
        legend(&mut svg, &names);
    }
    svg + "</svg>"
}

/// A histogram: equally wide bars, each with its name below.
#[must_use]
pub fn histogram(axes: Axes<'_>, bars: &[(String, f64)]) -> String {
    let highest = bars.iter().map(|(_, value)| *value).fold(axes.top_min, f64::max);
    let frame = Frame { width: PANEL_WIDTH, height: PANEL_HEIGHT, foot: PANEL_FOOT, top_value: rounded_up(highest) };
    let mut svg = frame.open(axes);
    let each = frame.inner_width() / bars.len().max(1) as f64;
    for (place, (name, value)) in bars.iter().enumerate() {
        let x = LEFT + each * place as f64;
        bar(&mut svg, &frame, "bar-server", x + each * 0.1, each * 0.8, (0.0, *value));
        let (middle, y) = (x + each / 2.0, frame.height - frame.foot + LINE_HEIGHT);
        let _ = write!(svg, "<text class=\"tick middle\" x=\"{middle:.1}\" y=\"{y:.1}\">{}</text>", escaped(name));
    }
    frame.name_across(&mut svg, axes.across);
    svg + "</svg>"
}

/// Every run's bars side by side, each with its value above.
#[must_use]
pub fn pairs(axes: Axes<'_>, pairs: &[Pair]) -> String {
    let highest = pairs.iter().map(|pair| (pair.user + pair.system).max(pair.floor.unwrap_or(0.0)));
    let frame = Frame {
        width: LEFT + RIGHT + PAIR_WIDTH * pairs.len().max(4) as f64,
        height: PAIRS_HEIGHT,
        foot: PAIRS_FOOT,
        top_value: rounded_up(highest.fold(axes.top_min, f64::max)),
    };
    let mut svg = frame.open(axes);
    for (place, pair) in pairs.iter().enumerate() {
        let x = LEFT + PAIR_WIDTH * place as f64;
        let server = pair.user + pair.system;
        bar(&mut svg, &frame, "bar-server", x + 12.0, 30.0, (0.0, pair.system));
        bar(&mut svg, &frame, "bar-user", x + 12.0, 30.0, (pair.system, server));
        value_above(&mut svg, &frame, x + 27.0, server);
        if let Some(floor) = pair.floor {
            bar(&mut svg, &frame, "bar-floor", x + 46.0, 30.0, (0.0, floor));
            value_above(&mut svg, &frame, x + 61.0, floor);
        }
        for (line, name) in pair.names.iter().enumerate() {
            let y = frame.height - frame.foot + LINE_HEIGHT * (line + 1) as f64;
            let middle = x + PAIR_WIDTH / 2.0;
            let _ = write!(svg, "<text class=\"tick middle\" x=\"{middle:.1}\" y=\"{y:.1}\">{}</text>", escaped(name));
        }
    }
    frame.name_across(&mut svg, axes.across);
    let names = [
        ("server, system", Swatch::Bar("bar-server")),
        ("server, user", Swatch::Bar("bar-user")),
        ("floor", Swatch::Bar("bar-floor")),
    ];
    legend(&mut svg, &names);
    svg + "</svg>"
}

fn bar(svg: &mut String, frame: &Frame, class: &str, x: f64, width: f64, (from, to): (f64, f64)) {
    let (top, bottom) = (frame.y(to), frame.y(from));
    let height = bottom - top;
    if height > 0.0 {
        let _ = write!(
            svg,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>"
        );
    }
}

fn value_above(svg: &mut String, frame: &Frame, x: f64, value: f64) {
    let y = frame.y(value) - 5.0;
    let _ = write!(svg, "<text class=\"value middle\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", measured(value));
}

/// How a legend shows what it names.
#[derive(Clone, Copy)]
enum Swatch {
    Line(&'static str),
    Bar(&'static str),
}

fn legend(svg: &mut String, names: &[(&str, Swatch)]) {
    let mut x = LEFT;
    for (name, swatch) in names {
        let width = match swatch {
            Swatch::Line(class) => {
                let _ = write!(svg, "<path class=\"line {class}\" d=\"M{x:.1} 30H{:.1}\"/>", x + 22.0);
                28.0
            }
            Swatch::Bar(class) => {
                let _ = write!(svg, "<rect class=\"{class}\" x=\"{x:.1}\" y=\"24\" width=\"14\" height=\"12\"/>");
                20.0
            }
        };
        let _ = write!(svg, "<text class=\"tick\" x=\"{:.1}\" y=\"34\">{}</text>", x + width, escaped(name));
        // The face is not known here: 7 px a letter is on the wide side at 13 px.
        x += width + 7.0 * name.chars().count() as f64 + 16.0;
    }
}

/// The next of 1, 2, 2.5 or 5 times a power of ten.
fn rounded_up(value: f64) -> f64 {
    if !value.is_finite() || value <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    steps.iter().map(|step| step * power).find(|step| *step >= value * (1.0 - 1e-9)).unwrap_or(power * 10.0)
}

/// Into how many parts a rounded scale is cut, so that each is round too.
fn divisions(top: f64) -> u32 {
    let mantissa = top / 10_f64.powf(top.log10().floor());
    if (mantissa - 2.0).abs() < 1e-6 { 4 } else { 5 }
}

/// A scale's value, without zeros that say nothing.
fn scale(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Which steps along the bottom are named: about six, at round distances.
fn ticks(steps: usize) -> impl Iterator<Item = usize> {
    let distance = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600].into_iter().find(|each| steps / each <= 8).unwrap_or(3_600);
    (0..steps).step_by(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AXES: Axes<'static> = Axes { label: "a < b", upward: "µs", across: "s", top_min: 1.0 };

    #[test]
    fn a_scale_reaches_past_what_it_shows_and_is_cut_evenly() {
        for (value, top, parts) in [(0.0, 1.0, 5), (0.9, 1.0, 5), (1.3, 2.0, 4), (2.0, 2.0, 4), (21.0, 25.0, 5)] {
            assert_eq!((rounded_up(value), divisions(top)), (top, parts), "{value}");
        }
        assert_eq!(rounded_up(f64::NAN), 1.0);
    }

    #[test]
    fn every_scale_starts_at_zero() {
        let line = Line { name: "x", class: "line-server", values: vec![Some(97.0), None, Some(99.0)] };
        let svg = lines(AXES, &[line]);
        assert!(svg.contains(">0</text>") && svg.contains(">100</text>"), "{svg}");
        assert!(svg.contains("aria-label=\"a &lt; b\""));
    }

    #[test]
    fn a_gap_in_the_values_is_a_gap_in_the_line() {
        let line = Line { name: "x", class: "line-server", values: vec![Some(1.0), None, Some(1.0), Some(1.0)] };
        assert_eq!(lines(AXES, &[line]).matches('M').count(), 2);
    }

    #[test]
    fn nothing_to_show_is_still_a_chart() {
        for svg in [lines(AXES, &[]), histogram(AXES, &[]), pairs(AXES, &[])] {
            assert!(svg.starts_with("<svg") && svg.ends_with("</svg>") && !svg.contains("NaN"), "{svg}");
        }
    }
}
