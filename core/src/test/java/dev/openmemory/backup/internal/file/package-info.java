@NullMarked
package dev.openmemory.backup.internal.file;

import org.jspecify.annotations.NullMarked;
