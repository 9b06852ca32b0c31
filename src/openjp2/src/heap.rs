//! The heap of a module with openjp2 on wasm32-unknown-unknown, which has no C library.
//!
//! openjp2 calls malloc, calloc, realloc, free and strcpy, mixes them with Rust's allocator, and gives that null
//! pointers and layouts that no longer hold. So both are one heap here, which keeps the layout of each block itself. The
//! words round a block are looked at when it is freed: if something was written over them, the module ends.

// Blocks are aligned by `Record::new`; what stands behind them is read and written unaligned.
#![allow(clippy::cast_ptr_alignment)]

use core::ffi::{c_char, c_void};
use core::mem::size_of;
use core::ptr;
use std::alloc::{GlobalAlloc, Layout, System};

#[global_allocator]
static HEAP: Heap = Heap;

struct Heap;

/// Stands before each block; `seal` stands behind it too.
#[derive(Clone, Copy)]
struct Record {
    /// Bytes of the block.
    size: usize,
    /// Bytes before the block, also its alignment.
    head: usize,
    seal: usize,
}

/// The least alignment, room for a record, and what C code may expect of malloc.
const HEAD: usize = 16;
const SEAL: usize = 0x5EA1_0B10;

impl Record {
    fn new(size: usize, align: usize) -> Self {
        let head = align.max(HEAD);
        Self { size, head, seal: SEAL ^ size ^ head }
    }

    /// The layout of block, record and seal.
    fn whole(self) -> Option<Layout> {
        let size = self.head.checked_add(self.size)?.checked_add(size_of::<usize>())?;
        Layout::from_size_align(size, self.head).ok()
    }

    /// Writes the record round a block that lies in an allocation of `whole`.
    unsafe fn write(self, block: *mut u8) {
        // SAFETY: `head` bytes lie before the block, at least 16 and aligned to that; a record has 12.
        let record = unsafe { block.sub(HEAD) }.cast::<Self>();
        // SAFETY: as above.
        unsafe { record.write(self) };
        // SAFETY: `whole` has a word behind the block.
        let seal = unsafe { block.add(self.size) }.cast::<usize>();
        // SAFETY: as above; the block's size need not be a multiple of a word.
        unsafe { seal.write_unaligned(self.seal) };
    }

    /// The record of a block of this heap. Ends the module if it is none, was freed, or was written over.
    unsafe fn read(block: *mut u8) -> Self {
        // SAFETY: a block has its record before it; of anything else the seal says so.
        let record = unsafe { block.sub(HEAD) }.cast::<Self>();
        // SAFETY: as above.
        let record = unsafe { record.read() };
        if record.seal != SEAL ^ record.size ^ record.head {
            core::arch::wasm32::unreachable();
        }
        // SAFETY: the record is whole, so the word behind the block is its seal.
        let seal = unsafe { block.add(record.size) }.cast::<usize>();
        // SAFETY: as above.
        if unsafe { seal.read_unaligned() } != record.seal {
            core::arch::wasm32::unreachable();
        }
        record
    }
}

fn allocate(size: usize, align: usize, zeroed: bool) -> *mut u8 {
    let record = Record::new(size, align);
    let Some(whole) = record.whole() else { return ptr::null_mut() };
    let base = if zeroed {
        // SAFETY: the size is not 0, since it holds a record.
        unsafe { System.alloc_zeroed(whole) }
    } else {
        // SAFETY: as above.
        unsafe { System.alloc(whole) }
    };
    if base.is_null() {
        return base;
    }
    // SAFETY: the allocation has `head` bytes and more.
    let block = unsafe { base.add(record.head) };
    // SAFETY: the block lies in an allocation of its layout.
    unsafe { record.write(block) };
    block
}

unsafe fn release(block: *mut u8) {
    // openjp2 frees null with Rust's allocator too, whose contract rules that out: nothing may be concluded from it here.
    let block = core::hint::black_box(block);
    if block.is_null() {
        return;
    }
    // SAFETY: the caller gives a block of this heap.
    let record = unsafe { Record::read(block) };
    let Some(whole) = record.whole() else { return };
    // SAFETY: no second free passes a record without its seal.
    unsafe { Record { seal: 0, ..record }.write(block) };
    // SAFETY: `head` bytes lie before the block.
    let base = unsafe { block.sub(record.head) };
    // SAFETY: the allocation was made with this layout.
    unsafe { System.dealloc(base, whole) };
}

unsafe fn resize(block: *mut u8, size: usize) -> *mut u8 {
    if block.is_null() {
        return allocate(size, HEAD, false);
    }
    // SAFETY: the caller gives a block of this heap.
    let old = unsafe { Record::read(block) };
    let new = Record::new(size, old.head);
    let (Some(was), Some(whole)) = (old.whole(), new.whole()) else { return ptr::null_mut() };
    // SAFETY: `head` bytes lie before the block.
    let base = unsafe { block.sub(old.head) };
    // SAFETY: the allocation was made with this layout; the new size is checked and not 0.
    let base = unsafe { System.realloc(base, was, whole.size()) };
    if base.is_null() {
        return base;
    }
    // SAFETY: the allocation has `head` bytes and more.
    let block = unsafe { base.add(new.head) };
    // SAFETY: the block lies in an allocation of its layout.
    unsafe { new.write(block) };
    block
}

// SAFETY: blocks are disjoint, aligned and as large as asked for; a failure is null. The layouts of callers are not used.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        allocate(layout.size(), layout.align(), false)
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        allocate(layout.size(), layout.align(), true)
    }

    unsafe fn dealloc(&self, block: *mut u8, _: Layout) {
        // SAFETY: the caller gives a block of this allocator, or null.
        unsafe { release(block) };
    }

    unsafe fn realloc(&self, block: *mut u8, _: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        unsafe { resize(block, size) }
    }
}

#[unsafe(no_mangle)]
extern "C" fn malloc(size: usize) -> *mut c_void {
    allocate(size, HEAD, false).cast()
}

#[unsafe(no_mangle)]
extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
    count.checked_mul(size).map_or(ptr::null_mut(), |size| allocate(size, HEAD, true).cast())
}

#[unsafe(no_mangle)]
unsafe extern "C" fn realloc(block: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: the caller gives a block of this heap, or null.
    unsafe { resize(block.cast(), size) }.cast()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn free(block: *mut c_void) {
    // SAFETY: the caller gives a block of this heap, or null.
    unsafe { release(block.cast()) };
}

#[unsafe(no_mangle)]
unsafe extern "C" fn strcpy(into: *mut c_char, from: *const c_char) -> *mut c_char {
    // SAFETY: the caller gives a text that ends with 0.
    let length = unsafe { core::ffi::CStr::from_ptr(from) }.to_bytes_with_nul().len();
    // SAFETY: the caller gives room for the text and its 0, elsewhere.
    unsafe { ptr::copy_nonoverlapping(from, into, length) };
    into
}
