//! A whole program in the interpreter: linked with the C library, constructors, `main`, exit handlers.

use crate::libc::Libc;
use ir::Ty;
use ir::interp::{Arg, Limits, Machine, Program, Stop};
use ir::record::Unit;

/// How a run ended, and what it wrote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    pub end: End,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// Instructions executed.
    pub steps: u64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// The exit status, 0 to 255.
    Exit(u8),
    /// What would be a signal.
    Trap(String),
    /// It needs what the interpreter or its library lacks, or more than the limits.
    CannotRun(String),
}

/// Runs a program of these units with `argv`, and `stdin` to read.
pub fn run_program(units: &[Unit], argv: &[&str], stdin: &[u8], limits: Limits) -> Run {
    let mut libc = Libc::new();
    libc.stdin = stdin.to_vec();
    let (result, steps) = match Program::link(units, &mut libc) {
        Ok(program) => {
            let mut machine = Machine::new(&program, limits);
            let result = run(&mut machine, &mut libc, argv);
            (result, machine.steps())
        }
        Err(stop) => (Err(stop), 0),
    };
    let end = match result {
        Ok(status) | Err(Stop::Exit(status)) => End::Exit(status as u8),
        Err(Stop::Trap(message)) => End::Trap(message),
        Err(Stop::CannotRun(reason)) => End::CannotRun(reason),
        Err(Stop::Limit(what)) => End::CannotRun(format!("limit of {what}")),
    };
    Run { end, stdout: libc.stdout, stderr: libc.stderr, steps }
}

fn run(machine: &mut Machine<'_>, libc: &mut Libc, argv: &[&str]) -> Result<i32, Stop> {
    let argv = make_argv(machine, argv)?;
    let status = match call_main(machine, libc, argv) {
        Err(Stop::Exit(status)) => status,
        other => other?,
    };
    libc.run_exit_handlers(machine)?;
    call_all(machine, libc, b".fini_array")?;
    Ok(status)
}

fn call_main(machine: &mut Machine<'_>, libc: &mut Libc, argv: (u64, u64)) -> Result<i32, Stop> {
    call_all(machine, libc, b".init_array")?;
    let Some(main) = machine.program().address(b"main") else {
        return Err(Stop::CannotRun("there is no `main`".into()));
    };
    let args = [Arg::scalar(Ty::I32, argv.0), Arg::scalar(Ty::Ptr, argv.1), Arg::scalar(Ty::Ptr, 0)];
    Ok(machine.call(libc, main, &args)?.lo as i32)
}

/// Calls every function whose address stands in a section.
fn call_all(machine: &mut Machine<'_>, libc: &mut Libc, section: &[u8]) -> Result<(), Stop> {
    let objects: Vec<(u64, u64)> = machine.program().in_section(section).collect();
    for (addr, size) in objects {
        for offset in (0..size / 8 * 8).step_by(8) {
            let function = machine.memory.load_u64(addr + offset).map_err(|fault| machine.fault(fault))?;
            machine.call(libc, function, &[])?;
        }
    }
    Ok(())
}

/// Argument count and vector, in the heap.
fn make_argv(machine: &mut Machine<'_>, argv: &[&str]) -> Result<(u64, u64), Stop> {
    let vector = machine.grow_heap((argv.len() as u64 + 1) * 8)?;
    for (idx, arg) in argv.iter().enumerate() {
        let text = machine.grow_heap((arg.len() as u64 + 1).next_multiple_of(16))?;
        let stored = machine.memory.store(text, arg.as_bytes());
        let stored = stored.and_then(|()| machine.memory.store(vector + 8 * idx as u64, &text.to_le_bytes()));
        stored.map_err(|fault| machine.fault(fault))?;
    }
    Ok((argv.len() as u64, vector))
}
