@NullMarked
package dev.openmemory.backup.internal.pause;

import org.jspecify.annotations.NullMarked;
