/** Request and report of a drill, and the proof that it leaves. */
@NullMarked
package dev.openmemory.backup.drill;

import org.jspecify.annotations.NullMarked;
