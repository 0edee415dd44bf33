/** What stands between the engine and a target: see {@code TargetStack} for the order. */
@NullMarked
package dev.openmemory.backup.internal.target;

import org.jspecify.annotations.NullMarked;
