//! Samples that are looked at while the output is read for other reasons.

use crate::steps::Steps;
use js_sys::Uint8Array;
use tokumei_deid::reasons::Reason;
use tokumei_deid::transform::PendingSamples;
use wasm_bindgen::prelude::wasm_bindgen;

/// Samples of one output, not yet looked at.
#[wasm_bindgen]
pub struct Samples {
    pending: PendingSamples,
    steps: Steps,
}

impl Samples {
    /// Of a transform.
    pub(crate) fn new(pending: PendingSamples) -> Self {
        Self { pending, steps: Steps::new() }
    }
}

#[wasm_bindgen]
#[allow(clippy::cast_precision_loss)] // offsets in files stay below 2^53
impl Samples {
    /// Offset of the first sample in the output.
    #[wasm_bindgen(getter)]
    pub fn at(&self) -> f64 {
        self.pending.at as f64
    }

    /// Bytes of all samples.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> f64 {
        self.pending.length() as f64
    }

    /// Takes the next bytes of the samples, in order.
    pub fn update(&mut self, bytes: &Uint8Array) {
        let Self { pending, steps } = self;
        steps.each(bytes, |part| pending.update(part));
    }

    /// The reason why the instance does not leave; `undefined` where nothing speaks against it.
    pub fn reason(&self) -> Option<String> {
        self.pending.verdict().map(|reason: Reason| reason.code().to_owned())
    }
}
