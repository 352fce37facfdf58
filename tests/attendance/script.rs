//! What really happens in a lesson: who is at which device, when, and what befalls the network, the server and its clock.
//! All times are true ones, in milliseconds.

/// Numbers that look like chance and are the same each time (SplitMix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x51_7c_c1_b7_27_22_0a_95)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number of [from, to).
    pub fn roll(&mut self, from: i64, to: i64) -> i64 {
        let range = to.abs_diff(from).max(1);
        from + i64::try_from(self.next() % range).expect("a small number")
    }

    pub fn chance(&mut self, percent: i64) -> bool {
        self.roll(0, 100) < percent
    }
}

/// How a device's time in the lesson ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By the button.
    Leaves,
    /// The connection is closed, as when a tab is killed: the server hears of it at once.
    Closes,
    /// Nothing comes any more, as when a network is cut or a lid closed: the server hears nothing at all.
    FallsSilent,
    /// The server is killed.
    ServerDies,
    /// The lesson is over.
    LessonEnds,
}

/// One connection of a device.
#[derive(Clone, Debug)]
pub struct Connected {
    pub from: i64,
    pub to: i64,
    pub end: End,
    /// When the page was hidden in it.
    pub hidden: Vec<(i64, i64)>,
}

#[derive(Clone, Debug, Default)]
pub struct Device {
    pub connections: Vec<Connected>,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub devices: Vec<Device>,
}

/// A lesson as it really was.
#[derive(Clone, Debug)]
pub struct Script {
    pub planned: (i64, i64),
    pub starts: i64,
    pub ends: i64,
    /// From when the server was killed until it ran again.
    pub outages: Vec<(i64, i64)>,
    /// When somebody set the server's clock, and by how much.
    pub jumps: Vec<(i64, i64)>,
    pub persons: Vec<Person>,
}

impl Script {
    pub fn generate(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let planned = (60_000, 60_000 + dice.roll(200_000, 400_000));
        let starts = if dice.chance(50) { planned.0 } else { planned.0 + dice.roll(-30_000, 60_000) };
        let ends = if dice.chance(50) { planned.1 } else { planned.1 + dice.roll(-40_000, 60_000) };
        let outages = if dice.chance(40) { outages(&mut dice, starts, ends) } else { Vec::new() };
        let jumps = if dice.chance(50) {
            let count = dice.roll(1, 4);
            let mut jumps: Vec<_> = (0..count).map(|_| (dice.roll(0, ends), jump(&mut dice))).collect();
            jumps.sort_unstable();
            jumps
        } else {
            Vec::new()
        };
        let count = dice.roll(3, 9);
        let persons = (0..count)
            .map(|_| {
                let devices = if dice.chance(30) { 2 } else { 1 };
                Person { devices: (0..devices).map(|_| device(&mut dice, ends, &outages)).collect() }
            })
            .collect();
        Self { planned, starts, ends, outages, jumps, persons }
    }

    /// Whether the server ran.
    pub fn runs(&self, at: i64) -> bool {
        !self.outages.iter().any(|(killed, again)| (*killed..*again).contains(&at))
    }
}

fn outages(dice: &mut Dice, starts: i64, ends: i64) -> Vec<(i64, i64)> {
    let first = dice.roll(starts + 5_000, ends - 70_000);
    let again = first + dice.roll(500, 20_000);
    let mut outages = vec![(first, again)];
    if dice.chance(40) {
        let second = again + dice.roll(300, 20_000);
        outages.push((second, second + dice.roll(500, 20_000)));
    }
    outages
}

/// From a second to a month, either way.
fn jump(dice: &mut Dice) -> i64 {
    let size = *[1_000, 60_000, 3_600_000, 86_400_000, 2_592_000_000]
        .get(dice.roll(0, 5).unsigned_abs() as usize)
        .expect("one");
    let by = dice.roll(size / 2, size);
    if dice.chance(50) { by } else { -by }
}

fn device(dice: &mut Dice, ends: i64, outages: &[(i64, i64)]) -> Device {
    let mut connections: Vec<Connected> = Vec::new();
    let latest = if dice.chance(70) { 90_000 } else { ends };
    let mut from = dice.roll(0, latest);
    while let Some(start) = running(dice, from, outages).filter(|start| *start < ends - 500) {
        let longest = if dice.chance(20) { 10_000 } else { 150_000 };
        let mut to = start + dice.roll(1_500, longest);
        let mut end = match dice.roll(0, 100) {
            0..15 => End::Leaves,
            15..50 => End::Closes,
            _ => End::FallsSilent,
        };
        if to >= ends {
            (to, end) = (ends, End::LessonEnds);
        }
        if let Some((killed, _)) = outages.iter().find(|(killed, _)| (start..=to).contains(killed)) {
            (to, end) = (*killed, End::ServerDies);
        }
        connections.push(Connected { from: start, to, end, hidden: hidden(dice, start, to) });
        from = to + if dice.chance(65) { dice.roll(300, 9_500) } else { dice.roll(11_500, 60_000) };
        if dice.chance(10) {
            break;
        }
    }
    Device { connections }
}

/// The next time from which the server runs, for somebody who tries from then on. Nobody who was silent comes back in
/// the moment in which they would be given up: which of both happened first is a matter of luck.
fn running(dice: &mut Dice, from: i64, outages: &[(i64, i64)]) -> Option<i64> {
    let mut from = from;
    for (killed, again) in outages {
        if (*killed - 50..*again + 100).contains(&from) {
            from = again + if dice.chance(80) { dice.roll(100, 9_000) } else { dice.roll(11_000, 30_000) };
        }
    }
    let is_down = outages.iter().any(|(killed, again)| (*killed - 50..*again + 50).contains(&from));
    (!is_down).then_some(from)
}

fn hidden(dice: &mut Dice, from: i64, to: i64) -> Vec<(i64, i64)> {
    let mut hidden = Vec::new();
    let mut at = from + 20;
    while dice.chance(45) {
        let start = at + dice.roll(200, 30_000);
        let end = start + dice.roll(500, 60_000);
        if start >= to - 100 {
            break;
        }
        hidden.push((start, end.min(to)));
        at = end;
        if end >= to {
            break;
        }
    }
    hidden
}
