/** True in the form for sites that may read nothing of the device: no screen, no clock, no timings, no attention. */
declare const BARE: boolean;
