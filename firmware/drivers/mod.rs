//! Device drivers. Each function's documentation names the registers that it touches.
pub mod gpio;
pub mod timg;
pub mod uart;
pub mod watchdog;
