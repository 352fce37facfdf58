//! Pages that are being laid out: what is drawn where, in points from the top. Places are said from the side on which
//! reading begins, so that one layout serves Arabic and French.

use super::PdfFault;
use super::fonts::{Fonts, Weight};
use super::text::{Shaped, Way, shape, wrap};
use krilla::Document;
use krilla::action::LinkAction;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::page::PageSettings;
use krilla::paint::Fill;

/// A4, in points.
pub const WIDTH: f32 = 595.28;
pub const HEIGHT: f32 = 841.89;
/// What stays free around.
pub const MARGIN: f32 = 40.0;
/// How wide a line of text may be.
pub const INNER: f32 = WIDTH - 2.0 * MARGIN;

/// A colour: red, green and blue.
pub type Colour = (u8, u8, u8);

pub const INK: Colour = (0x1b, 0x1f, 0x1d);
pub const FAINT: Colour = (0x5a, 0x63, 0x5f);
pub const LINE: Colour = (0xc9, 0xd0, 0xcc);
pub const SOFT: Colour = (0xee, 0xf4, 0xf1);
pub const ACCENT: Colour = (0x0e, 0x5a, 0x4c);

/// Something that is drawn.
enum Mark {
    Text { x: f32, y: f32, size: f32, colour: Colour, shaped: Shaped },
    Boxes { boxes: Vec<(f32, f32, f32, f32)>, colour: Colour },
    Link { x: f32, y: f32, width: f32, height: f32, url: String },
}

/// How a text is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub size: f32,
    pub weight: Weight,
    pub colour: Colour,
    pub way: Way,
}

/// Pages, and how far the last one is filled.
pub struct Sheet<'f, 'a> {
    pub fonts: &'f Fonts<'a>,
    pub is_rtl: bool,
    pages: Vec<Vec<Mark>>,
    /// Where the next line begins, from the top.
    pub y: f32,
}

impl<'f, 'a> Sheet<'f, 'a> {
    pub fn new(fonts: &'f Fonts<'a>, is_rtl: bool) -> Self {
        Self { fonts, is_rtl, pages: vec![Vec::new()], y: MARGIN }
    }

    /// The way that the document is read.
    pub fn way(&self) -> Way {
        if self.is_rtl { Way::RightToLeft } else { Way::LeftToRight }
    }

    /// Whether so much does not fit any more.
    pub fn is_full(&self, height: f32) -> bool {
        self.y + height > HEIGHT - MARGIN - 20.0
    }

    pub fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = MARGIN;
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// A line of text whose reading begins `start` after the margin; `y` is its baseline.
    pub fn line(&mut self, start: f32, y: f32, style: Style, shaped: Shaped) {
        let width = shaped.width * style.size;
        let x = if self.is_rtl { WIDTH - MARGIN - start - width } else { MARGIN + start };
        self.mark(Mark::Text { x, y, size: style.size, colour: style.colour, shaped });
    }

    pub fn text(&mut self, start: f32, y: f32, style: Style, text: &str) {
        let shaped = shape(self.fonts, text, style.weight, style.way);
        self.line(start, y, style, shaped);
    }

    /// A text in lines of at most `width` points; gives their height. The first baseline is one line below `y`.
    pub fn block(&mut self, start: f32, y: f32, width: f32, style: Style, text: &str) -> f32 {
        let lines = wrap(self.fonts, text, style.weight, style.way, width / style.size);
        let mut height = 0.0;
        for shaped in lines {
            height += leading(style.size);
            self.line(start, y + height - style.size * 0.35, style, shaped);
        }
        height
    }

    /// A filled box.
    pub fn fill(&mut self, start: f32, y: f32, width: f32, height: f32, colour: Colour) {
        let x = self.left(start, width);
        self.mark(Mark::Boxes { boxes: vec![(x, y, width, height)], colour });
    }

    /// Small boxes, as those of a code: each at its place from the left and the top of a square.
    pub fn pattern(&mut self, start: f32, y: f32, side: f32, boxes: &[(f32, f32, f32, f32)]) {
        let x = self.left(start, side);
        let boxes = boxes.iter().map(|(left, top, width, height)| (x + left, y + top, *width, *height)).collect();
        self.mark(Mark::Boxes { boxes, colour: INK });
    }

    pub fn link(&mut self, start: f32, y: f32, width: f32, height: f32, url: &str) {
        let x = self.left(start, width);
        self.mark(Mark::Link { x, y, width, height, url: url.to_owned() });
    }

    fn left(&self, start: f32, width: f32) -> f32 {
        if self.is_rtl { WIDTH - MARGIN - start - width } else { MARGIN + start }
    }

    /// Draws all pages; `footer` says what stands below each.
    pub fn draw(mut self, document: &mut Document, footer: impl Fn(usize, usize) -> String) -> Result<(), PdfFault> {
        let style = Style { size: 7.5, weight: Weight::Regular, colour: FAINT, way: self.way() };
        let all = std::mem::take(&mut self.pages);
        let count = all.len();
        for (index, marks) in all.into_iter().enumerate() {
            self.pages = vec![marks];
            self.text(0.0, HEIGHT - MARGIN + 6.0, style, &footer(index + 1, count));
            let settings = PageSettings::from_wh(WIDTH, HEIGHT);
            let settings = settings.ok_or_else(|| PdfFault::Failed("the size of a page".into()))?;
            let mut page = document.start_page_with(settings);
            let marks = self.pages.pop().unwrap_or_default();
            let mut surface = page.surface();
            for mark in &marks {
                draw(&mut surface, self.fonts, mark);
            }
            surface.finish();
            for mark in marks {
                if let Mark::Link { x, y, width, height, url } = mark
                    && let Some(rect) = Rect::from_xywh(x, y, width, height)
                {
                    let target = Target::Action(LinkAction::new(url.clone()).into());
                    page.add_annotation(Annotation::new_link(LinkAnnotation::new(rect, target), Some(url)));
                }
            }
            page.finish();
        }
        Ok(())
    }
}

/// How far lines are apart.
pub fn leading(size: f32) -> f32 {
    size * 1.45
}

fn draw(surface: &mut krilla::surface::Surface<'_>, fonts: &Fonts<'_>, mark: &Mark) {
    match mark {
        Mark::Text { x, y, size, colour, shaped } => {
            surface.set_fill(Some(paint(*colour)));
            let mut x = *x;
            for run in &shaped.runs {
                if let Some(part) = fonts.parts(shaped.weight).get(run.part) {
                    let at = Point::from_xy(x, *y);
                    surface.draw_glyphs(at, &run.glyphs, part.drawn.clone(), &run.text, *size, false);
                }
                x += run.width * size;
            }
        }
        Mark::Boxes { boxes, colour } => {
            surface.set_fill(Some(paint(*colour)));
            let mut path = PathBuilder::new();
            for (x, y, width, height) in boxes {
                if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                    path.push_rect(rect);
                }
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        Mark::Link { .. } => {}
    }
}

fn paint((red, green, blue): Colour) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() }
}
