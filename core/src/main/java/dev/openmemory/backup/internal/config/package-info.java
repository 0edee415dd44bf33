/** What a configuration file of OpenMemory says. */
@NullMarked
package dev.openmemory.backup.internal.config;

import org.jspecify.annotations.NullMarked;
