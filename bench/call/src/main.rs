//! What governance costs a call.
//!
//! What it is: the program in release, with the demo's data, called by wrk in four ways that take turns in one run: the
//! governed call, with and without a message signature; the same handler with governance off, which only a build with the feature `bench-floor` has; and that
//! handler behind a bare nginx proxy. It prints calls a second, p50, p99, and the ratios as medians over the rounds.
//!
//! What it is not: no test. A figure is for one machine and one run; only ratios within a run are comparable. No answer but
//! a full one counts: a run with a single refusal fails.
//!
//! Where to start: [`main`], then `README.md` beside it for what was found.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod load;
mod proxy;
mod signed;

use anyhow::{Context, Result, ensure};
use load::{Figures, Load};
use proxy::Proxy;
use serde_json::{Value, json};
use shuqiao_testkit::{
    demo::{Demo, released},
    node::{Client, Node},
    stage::{Stage, access_token, id},
};
use signed::Caller;
use std::path::{Path, PathBuf};

/// Rounds; odd, so that the median is one of them.
const ROUNDS: usize = 5;
/// Seconds of one run.
const SECONDS: u32 = 6;
/// Seconds before the first round, not counted.
const WARM_UP: u32 = 2;
/// Signed calls that are prepared for a run of a second: more than any run makes.
const SIGNED_A_SECOND: u64 = 20_000;
/// Ways to call.
const SIDES: usize = 4;
/// Rows of one answer.
const ROWS: usize = 10;
/// Grants that are called in turn: one alone may be called 5,000 times a second at most.
const GRANTS: usize = 6;
/// What is asked for: five items, three of them masked by the entry or the grant.
const ITEMS: &[&str] = &["id_number", "name", "birth_date", "county_code", "county_name"];

/// A grant, as it is called.
struct Called {
    path: String,
    floor: String,
    body: String,
}

impl Called {
    fn of(grant: &Value) -> Result<Self> {
        let body = json!({"purpose": grant["purpose"], "limit": ROWS}).to_string();
        let grant = id(grant)?;
        Ok(Self { path: format!("/data/v1/grants/{grant}/query"), floor: format!("/bench/floor/{grant}/query"), body })
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("the project's root")?;
    #[expect(clippy::disallowed_methods, reason = "the program's edge: a program that is built already may be named")]
    let named = std::env::args().nth(1).map(PathBuf::from);
    let program = named.map_or_else(|| released(root, &["bench-floor"]), Ok)?;
    let folder = tempfile::Builder::new().prefix("shuqiao-bench-").tempdir()?;
    let program = program.to_str().context("a path")?;
    let demo = Demo::start(program, folder.path(), folder.path().join("node"), &["--enterprises", "300"])?;
    let stage = Stage::of(&demo.node);
    let (grants, until) = demo.unhindered(&stage, ITEMS, GRANTS).await?;
    let grants = grants.iter().map(Called::of).collect::<Result<Vec<_>>>()?;
    let Demo { node, system, secret, .. } = demo;
    let token = access_token(node.base(), &system, &secret).await?;
    let proxy = Proxy::start(folder.path(), node.base().trim_start_matches("http://"))?;
    let script = folder.path().join("call.lua");
    std::fs::write(&script, include_str!("call.lua"))?;
    let (caller, calls) = (Caller::new(), folder.path().join("signed.txt"));
    let key = json!({"kid": signed::KEY_ID, "jwk": caller.jwk(), "until": until});
    stage.act("social.developer", &format!("POST /api/v1/systems/{system}/keys"), None, Some(&key)).await?;
    let load = |base, floor: bool, signs: bool| Load {
        script: &script,
        base,
        calls: grants.iter().map(|g| (if floor { g.floor.clone() } else { g.path.clone() }, g.body.clone())).collect(),
        token: &token,
        signed: signs.then_some((&caller, calls.as_path())),
    };
    let sides = [
        ("governed", load(node.base(), false, false)),
        ("governed, signed both ways", load(node.base(), false, true)),
        ("floor", load(node.base(), true, false)),
        ("nginx in front of the floor", load(proxy.base(), true, false)),
    ];
    let bench = Bench { node: &node, token: &token, sides: &sides };
    bench.run().await
}

struct Bench<'a> {
    node: &'a Node,
    token: &'a str,
    sides: &'a [(&'static str, Load<'a>); SIDES],
}

impl Bench<'_> {
    async fn run(&self) -> Result<()> {
        let mut bytes = [0; SIDES];
        for ((name, side), bytes) in self.sides.iter().zip(&mut bytes) {
            *bytes = self.looked_at(name, side).await?;
            side.run(WARM_UP, *bytes, u64::from(WARM_UP) * SIGNED_A_SECOND)?;
        }
        let recorded = self.recorded().await?;
        let mut rounds: Vec<[Figures; SIDES]> = Vec::new();
        println!("round  side                          calls/s   p50 ms   p99 ms");
        for round in 0..ROUNDS {
            let mut figures = [None; SIDES];
            for turn in 0..SIDES {
                let at = (round + turn) % SIDES;
                let (name, side) = &self.sides[at];
                let found = side.run(SECONDS, bytes[at], u64::from(SECONDS) * SIGNED_A_SECOND)?;
                println!(
                    "{:>5}  {name:<28}  {:>8.0} {:>8.2} {:>8.2}",
                    round + 1,
                    found.calls_per_second,
                    found.p50_ms,
                    found.p99_ms
                );
                figures[at] = Some(found);
            }
            let [Some(governed), Some(signed), Some(floor), Some(proxied)] = figures else { continue };
            rounds.push([governed, signed, floor, proxied]);
        }
        let governed: u64 = rounds.iter().map(|round| round[0].calls + round[1].calls).sum();
        let recorded = self.recorded().await? - recorded;
        ensure!(recorded >= governed, "{governed} governed calls were answered, {recorded} recorded");
        println!();
        for (at, (name, _)) in self.sides.iter().enumerate() {
            let of = |get: fn(&Figures) -> f64| median(rounds.iter().map(|round| get(&round[at])));
            println!(
                "median: {name}: {:.0} calls/s, p50 {:.2} ms, p99 {:.2} ms",
                of(|f| f.calls_per_second),
                of(|f| f.p50_ms),
                of(|f| f.p99_ms)
            );
        }
        for (at, name) in [(0, "governed"), (1, "governed and signed")] {
            let ratio = |to: usize| median(rounds.iter().map(|r| r[at].calls_per_second / r[to].calls_per_second));
            println!("{name} / floor: {:.2}   / nginx in front of the floor: {:.2}", ratio(2), ratio(3));
        }
        let later = median(rounds.iter().map(|r| r[0].p99_ms - r[2].p99_ms));
        println!("p99 added by governance: {later:.2} ms; {recorded} calls recorded, each before its answer");
        Ok(())
    }

    /// One answer of a side, looked at: its rows are all there. Gives back its size.
    async fn looked_at(&self, name: &str, side: &Load<'_>) -> Result<u64> {
        let mut least = u64::MAX;
        for (path, body) in &side.calls {
            let client = Client::anonymous(side.base).with_bearer(self.token);
            let answer = client.json("POST", path, &[], Some(&serde_json::from_str(body)?)).await?;
            ensure!(answer.status.as_u16() == 200, "{name}: {} {}", answer.status, answer.text);
            let rows = answer.json()["rows"].as_array().map_or(0, Vec::len);
            ensure!(rows == ROWS, "{name}: {rows} rows instead of {ROWS}");
            least = least.min(answer.bytes.len() as u64);
        }
        Ok(least)
    }

    /// Calls that are in the usage log: the index that a call of ours gets.
    async fn recorded(&self) -> Result<u64> {
        let (path, body) = self.sides[0].1.calls.first().context("a call")?;
        let client = Client::anonymous(self.node.base()).with_bearer(self.token);
        let answer = client.json("POST", path, &[], Some(&serde_json::from_str(body)?)).await?;
        answer.json()["record"]["index"].as_u64().with_context(|| format!("no record: {}", answer.text))
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
