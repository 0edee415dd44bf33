@NullMarked
package dev.openmemory.backup.internal.archive;

import org.jspecify.annotations.NullMarked;
