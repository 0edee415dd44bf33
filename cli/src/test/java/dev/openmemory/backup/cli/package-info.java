@NullMarked
package dev.openmemory.backup.cli;

import org.jspecify.annotations.NullMarked;
