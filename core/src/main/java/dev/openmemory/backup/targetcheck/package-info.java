/** Request and report of a check of a target. */
@NullMarked
package dev.openmemory.backup.targetcheck;

import org.jspecify.annotations.NullMarked;
