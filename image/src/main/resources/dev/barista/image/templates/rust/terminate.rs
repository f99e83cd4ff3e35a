//! Ends the process on SIGTERM, after the calls that are running.

use std::env;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const SIGTERM: i32 = 15;
const SIG_BLOCK: i32 = 0;

/// Opaque, and larger than any system's.
#[repr(C, align(16))]
struct SignalSet([u8; 1024]);

extern "C" {
    fn sigemptyset(set: *mut SignalSet) -> i32;
    fn sigaddset(set: *mut SignalSet, signal: i32) -> i32;
    fn pthread_sigmask(how: i32, set: *const SignalSet, old: *mut SignalSet) -> i32;
    fn sigwait(set: *const SignalSet, signal: *mut i32) -> i32;
}

static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// A call that is to finish before the process ends.
pub struct Call;

impl Call {
    pub fn start() -> Call {
        RUNNING.fetch_add(1, Ordering::SeqCst);
        Call
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// To be called before any other thread is made: those inherit that the signal is blocked.
pub fn on_signal() {
    let mut set = SignalSet([0; 1024]);
    // SAFETY: the set is large enough for every libc and lives until sigwait has returned.
    unsafe {
        sigemptyset(&mut set);
        sigaddset(&mut set, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &set, std::ptr::null_mut());
    }
    thread::spawn(move || {
        let mut signal = 0;
        // SAFETY: as above.
        unsafe { sigwait(&set, &mut signal) };
        let deadline = Instant::now() + drain_time();
        while RUNNING.load(Ordering::SeqCst) > 0 && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
        std::process::exit(0);
    });
}

/// write_timeout, as 10s or 500ms.
fn drain_time() -> Duration {
    let text = env::var("write_timeout").unwrap_or_default();
    let text = text.trim();
    let units = [
        ("ms", 0.001),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3600.0),
        ("", 1.0),
    ];
    units
        .iter()
        .find_map(|(unit, seconds)| {
            let number: f64 = text.strip_suffix(unit)?.parse().ok()?;
            Duration::try_from_secs_f64(number * seconds).ok()
        })
        .unwrap_or(Duration::from_secs(30))
}
