//! Verdicts by transfer syntax and SOP Class, as the plan gives them.

use crate::common::{CT, file, instance};
use crate::{Shipped, markdown, row, table};
use std::collections::BTreeMap;
use tokumei_deid::scan::scan;
use tokumei_deid::{plan, tables::sop_class};

fn verdict(policy: &Shipped, class: &str, syntax: Option<&str>) -> &'static str {
    let source = file(&instance(class, Vec::new()), true);
    let mut found = scan(&policy.profile, &source, "a");
    if let Some(syntax) = syntax {
        found.transfer_syntax = Some(syntax.to_owned());
    }
    plan::plan(&policy.profile, &[found], None)[0].reason.code()
}

/// Rows of things that are treated alike: the verdict under each policy, how many there are, and their names.
fn grouped(policies: &[Shipped], first: &str, things: Vec<(String, Vec<&'static str>, String)>) -> String {
    let mut groups: BTreeMap<(Vec<&str>, String), Vec<String>> = BTreeMap::new();
    for (category, verdicts, name) in things {
        groups.entry((verdicts, category)).or_default().push(name);
    }
    let heads = policies.iter().map(|p| p.name.to_owned()).chain(["Number".to_owned(), "Names".to_owned()]);
    let mut rows = vec![row(first, heads)];
    for ((verdicts, category), names) in groups {
        let cells = verdicts.iter().map(|v| if *v == "clean" { "passes".to_owned() } else { format!("`{v}`") });
        rows.push(row(&category, cells.chain([names.len().to_string(), names.join("; ")])));
    }
    markdown(&rows)
}

/// Every transfer syntax of PS3.6: whether images in it pass, under the policy that looks at no pixels.
pub fn transfer_syntaxes(policies: &[Shipped]) -> String {
    let policy = policies.iter().find(|p| p.name == "headers-only").unwrap();
    let mut rows = vec![row("Transfer syntaxes", ["UIDs"])];
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for line in table("well_known_uids").iter().filter(|line| line["type"] == "TransferSyntax") {
        groups.entry(verdict(policy, CT, Some(&line["uid"]))).or_default().push(line["uid"].clone());
    }
    for (code, uids) in groups {
        let what = match code {
            "clean" => {
                "pass; the output has the one of the input, of JPEGs in JPEG XL (.4.111) that of the JPEG".to_owned()
            }
            _ => format!("`{code}`"),
        };
        rows.push(row(&what, [uids.join(", ")]));
    }
    markdown(&rows)
}

/// Every SOP Class that is known, by its verdict before the instance is looked at.
pub fn verdicts(policies: &[Shipped]) -> String {
    let of = |class: &sop_class::SopClass| {
        let verdicts = policies.iter().map(|policy| verdict(policy, class.uid, None)).collect();
        (class.category.to_owned(), verdicts, class.name().to_owned())
    };
    grouped(policies, "Category", sop_class::all().iter().map(of).collect())
}
