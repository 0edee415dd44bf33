@NullMarked
package dev.openmemory.backup.source.directory;

import org.jspecify.annotations.NullMarked;
