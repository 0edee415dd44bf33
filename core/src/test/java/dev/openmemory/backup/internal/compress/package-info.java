@NullMarked
package dev.openmemory.backup.internal.compress;

import org.jspecify.annotations.NullMarked;
