@NullMarked
package dev.openmemory.backup.internal.retention;

import org.jspecify.annotations.NullMarked;
