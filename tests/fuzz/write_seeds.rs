//! Writes the seeds of a target, a file each: `seeds TARGET FOLDER`.

mod seeds;

fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(target), Some(folder)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: seeds TARGET FOLDER");
        std::process::exit(2);
    };
    let target = target.to_string_lossy();
    let folder = std::path::Path::new(&folder);
    std::fs::create_dir_all(folder).expect("the folder");
    for (number, seed) in seeds::seeds(&target).iter().chain(&seeds::crashes(&target)).enumerate() {
        std::fs::write(folder.join(format!("seed-{number:05}")), seed).expect("a seed");
    }
}
