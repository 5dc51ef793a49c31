//! How long the window takes: measured in every frame, shown by the debug overlay and by `facespace bench --window`.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Frames that are looked back on.
const FRAMES: usize = 300;

/// The last frames of the window.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    updates: VecDeque<Duration>,
    frames: VecDeque<Duration>,
    last: Option<Instant>,
}

impl Meter {
    /// A frame whose update began at `started` is done.
    pub fn frame(&mut self, started: Instant) {
        push(&mut self.updates, started.elapsed());
        if let Some(last) = self.last.replace(started) {
            push(&mut self.frames, started - last);
        }
    }

    /// Forgets what was measured.
    pub fn clear(&mut self) {
        *self = Meter::default();
    }

    /// How many frames it knows.
    pub fn len(&self) -> usize {
        self.updates.len()
    }

    pub fn is_empty(&self) -> bool {
        self.updates.is_empty()
    }

    /// The window's own time in a frame below which this share of them stays, in milliseconds.
    pub fn update_ms(&self, share: f64) -> f64 {
        percentile_ms(&self.updates, share)
    }

    /// The time from frame to frame, as [`Meter::update_ms`].
    pub fn frame_ms(&self, share: f64) -> f64 {
        percentile_ms(&self.frames, share)
    }
}

fn push(times: &mut VecDeque<Duration>, time: Duration) {
    times.push_back(time);
    if times.len() > FRAMES {
        times.pop_front();
    }
}

/// 0 where nothing was measured.
fn percentile_ms(times: &VecDeque<Duration>, share: f64) -> f64 {
    let mut sorted: Vec<Duration> = times.iter().copied().collect();
    sorted.sort();
    let place = ((sorted.len() as f64 * share).ceil() as usize).saturating_sub(1);
    sorted.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

/// What this process holds in memory now, in megabytes; the kernel's own account, Linux only.
pub fn memory_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok().map(|kb| kb / 1024.0)
}
