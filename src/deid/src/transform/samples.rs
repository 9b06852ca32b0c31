//! Samples that must be looked at before an instance leaves. Whoever reads the output anyway, to hash or to write it,
//! gives them here on the way, so that large Pixel Data is read once.

use super::Stop;
use super::outcome::Outcome;
use crate::reasons::Reason;
use tokumei_dicom::codestream::native::SampleCheck;
use tokumei_dicom::{Piece, Source, Tag};

/// Bytes read at a time.
const WINDOW: u64 = 256 << 10;

/// Samples in the output of a transform, not yet looked at. The instance may leave only when [`verdict`](Self::verdict)
/// says so after all of them were given.
pub struct PendingSamples {
    /// Offset of the first sample in the output.
    pub at: u64,
    /// Offset of the first sample in the source.
    from: u64,
    check: SampleCheck,
}

impl PendingSamples {
    /// Samples that leave by reference, or begin with the piece `first` of a new value. `None`: they stand in no single
    /// range of the source.
    pub(super) fn new(check: SampleCheck, pieces: &[Piece], first: Option<&Piece>) -> Option<Self> {
        let samples = match first {
            None => check.range(),
            // Of a new value only the beginning is in one piece; it is as long as the old one.
            Some(Piece::Range { offset, .. }) => *offset..*offset + 1,
            Some(Piece::Bytes(_)) => return None,
        };
        let mut at = 0;
        for piece in pieces {
            if let Piece::Range { offset, len } = piece
                && *offset <= samples.start
                && samples.end <= offset + len
            {
                return Some(Self { at: at + samples.start - offset, from: samples.start, check });
            }
            at += piece.len();
        }
        None
    }

    /// Bytes of the samples.
    pub fn length(&self) -> u64 {
        let range = self.check.range();
        range.end - range.start
    }

    /// The next bytes of the samples, in order.
    pub fn update(&mut self, bytes: &[u8]) {
        self.check.update(bytes);
    }

    /// Why the instance does not leave; `None` where all samples were given and none holds more than itself.
    pub fn verdict(&self) -> Option<Reason> {
        (!self.check.is_clean()).then_some(Reason::OverlayInPixels)
    }

    /// Reads the samples from the source and settles the outcome.
    pub(super) fn settle(mut self, source: &dyn Source, outcome: Outcome) -> Outcome {
        let mut window = Vec::new();
        let (mut at, end) = (self.from, self.from + self.length());
        while at < end && self.check.may_be_clean() {
            let n = WINDOW.min(end - at);
            window.resize(usize::try_from(n).unwrap_or_default(), 0);
            if source.read_at(at, &mut window).is_err() {
                return Outcome::stopped(Reason::SourceUnreadable, None);
            }
            self.update(&window);
            at += n;
        }
        match self.verdict() {
            Some(reason) => {
                let stop = Stop::at(reason, Tag::PIXEL_DATA);
                Outcome::stopped(stop.reason, stop.tag)
            }
            None => outcome,
        }
    }
}
