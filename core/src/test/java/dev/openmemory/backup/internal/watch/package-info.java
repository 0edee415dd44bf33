@NullMarked
package dev.openmemory.backup.internal.watch;

import org.jspecify.annotations.NullMarked;
