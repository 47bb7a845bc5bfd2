//! The same scenario, seed and options give the same bytes, whatever the threads and shards.

use crate::workshop::Workshop;

#[test]
fn threads_and_shard_sizes_leave_no_trace() {
    let shop = Workshop::with_varnia();
    let run = |threads: &str, shard: &str, out: &str| {
        let args =
            ["run", "varnia", "-n", "256", "--threads", threads, "--shard-size", shard, "--out", out, "-q"];
        shop.equipoise(&args).succeeds();
        shop.results(out)
    };
    let first = run("1", "64", "a");
    for (threads, shard, out) in [("2", "64", "b"), ("7", "64", "c"), ("1", "128", "d"), ("7", "128", "e")] {
        assert!(run(threads, shard, out) == first, "{threads} threads, shards of {shard}");
    }
}

#[test]
fn another_seed_gives_other_histories() {
    let shop = Workshop::with_varnia();
    let run = |seed: &str| {
        shop.equipoise(&["run", "varnia", "-n", "32", "--seed", seed, "--out", seed, "-q"]).succeeds();
        shop.results(seed)
    };
    assert_ne!(run("1")[0], run("2")[0]);
}
