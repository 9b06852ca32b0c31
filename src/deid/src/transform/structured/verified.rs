//! Who verified a report goes, when it was verified stays as other dates do (PS3.15 E.3.6).

use super::super::action::{Decision, Letter};
use super::super::context::{Context, Place};
use super::super::{date, dummy};
use crate::tables::e1_1::{self, Source};
use crate::tables::{Code, OptionColumn, RuleSource};
use tokumei_dicom::node::NodeKind;
use tokumei_dicom::splice::{NewElement, NewValue};
use tokumei_dicom::{DataSet, Tag};

const VERIFYING_OBSERVER: Tag = Tag(0x0040, 0xA073);
const VERIFICATION: Tag = Tag(0x0040, 0xA030);

/// Verifying Observer Sequence: as many items as it had, each a dummy but for its time. `None`: no temporal option.
pub(super) fn decide(context: &Context, place: &Place) -> Option<Decision> {
    let options = context.profile.options();
    let dates = [OptionColumn::RtnLongModifiedDates, OptionColumn::RtnLongFullDates];
    let column = dates.into_iter().find(|&column| place.tag == VERIFYING_OBSERVER && options.contains(column))?;
    let days = if column == OptionColumn::RtnLongModifiedDates { context.shift_days } else { 0 };
    context.ds.node(place.index).filter(|n| n.kind == NodeKind::Sequence)?;
    let times = context.ds.children(Some(place.index)).map(|item| time(context, item, days));
    let items: Vec<Vec<NewElement>> = times.filter_map(item).collect();
    let basic = e1_1::row(place.tag).map_or(Code::D, |row| row.basic);
    let rule = RuleSource::of_row(basic, Source::Basic);
    (!items.is_empty()).then(|| Decision::items(items, Letter::D, rule))
}

/// When an observer verified, moved; `None` where that cannot be read.
fn time(context: &Context, item: u32, days: i32) -> Option<String> {
    let ds: &DataSet = context.ds;
    let text = context.text(ds.find(Some(item), VERIFICATION)?, *b"DT")?;
    date::shift_date_times(&text, days).filter(|t| !t.is_empty())
}

fn item(time: Option<String>) -> Option<Vec<NewElement>> {
    let mut item = dummy::items(VERIFYING_OBSERVER).into_iter().next()?;
    if let (Some(time), Some(element)) = (time, item.iter_mut().find(|e| e.tag == VERIFICATION)) {
        element.value = NewValue::Bytes(time.into_bytes());
    }
    Some(item)
}
